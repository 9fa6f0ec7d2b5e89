#include "engine/scripting/lasting_assignment.hpp"

#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

namespace trunkline::scripting {
namespace {

static_assert(LUA_VERSION_NUM == 504, "the layout below is that of Lua 5.4's precompiled chunks");

// Lua 5.4: an instruction is seven bits of operation, eight of A, one of k, eight of B, eight of C.
constexpr std::uint32_t op_setupval = 10;  // UpValue[B] := R[A]
constexpr std::uint32_t op_bits = 0x7F;
constexpr unsigned b_shift = 16;
constexpr std::int8_t line_stands_elsewhere = -0x80;
constexpr std::string_view header_begin("\x1bLua\x54\x00\x19\x93\r\n\x1a\n", 12);

struct Upvalue {
    bool in_stack = false;  // a local variable of the function around it, else an upvalue of that
    std::size_t index = 0;
    std::string_view name;
};

struct Function {
    std::string_view source, code, line_steps;
    int line_defined = 0;
    std::vector<Upvalue> upvalues;
    std::vector<std::pair<std::size_t, int>> lines;  // instruction -> line, where steps do not reach
    std::vector<Function> inner;
};

// What cannot be read leaves the reader failed and gives zeros, so that no loop runs on.
class DumpReader {
  public:
    explicit DumpReader(std::string_view dump) : rest_(dump) {}

    [[nodiscard]] bool failed() const { return failed_; }

    void header() {
        if (take(header_begin.size()) != header_begin) failed_ = true;
        const std::string_view sizes = take(3);
        if (failed_ || sizes[0] != 4 || sizes[1] != sizeof(lua_Integer) || sizes[2] != sizeof(lua_Number))
            failed_ = true;
        take(sizeof(lua_Integer) + sizeof(lua_Number));
        byte();  // how many upvalues the whole has
    }

    Function function() {
        Function read;
        read.source = text();
        read.line_defined = static_cast<int>(number());
        number();  // its last line
        take(3);   // parameters, vararg, stack
        read.code = take(number() * sizeof(std::uint32_t));
        constants();
        read.upvalues.resize(bounded());
        for (Upvalue& upvalue : read.upvalues) {
            upvalue.in_stack = byte() != 0;
            upvalue.index = byte();
            byte();  // its kind
        }
        const std::size_t functions = bounded();
        for (std::size_t n = 0; n < functions && !failed_; ++n) read.inner.push_back(function());
        debug(read);
        return read;
    }

  private:
    std::string_view take(std::size_t bytes) {
        if (failed_ || bytes > rest_.size()) {
            failed_ = true;
            return {};
        }
        const std::string_view taken = rest_.substr(0, bytes);
        rest_.remove_prefix(bytes);
        return taken;
    }
    std::uint8_t byte() {
        const std::string_view one = take(1);
        return one.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(one[0]);
    }
    // Seven bits a byte, the most significant first; the last byte has the eighth bit.
    std::size_t number() {
        std::size_t value = 0;
        while (!failed_) {
            const std::uint8_t next = byte();
            value = value << 7U | (next & 0x7FU);
            if ((next & 0x80U) != 0) break;
        }
        return failed_ ? 0 : value;
    }
    // A count of things of at least a byte each: never more than there are bytes.
    std::size_t bounded() {
        const std::size_t value = number();
        if (value > rest_.size()) failed_ = true;
        return failed_ ? 0 : value;
    }
    std::string_view text() {
        const std::size_t size = number();
        return size == 0 ? std::string_view{} : take(size - 1);
    }

    void constants() {
        for (std::size_t left = bounded(); left > 0 && !failed_; --left) {
            const std::uint8_t type = byte();
            switch (type & 0x0FU) {
                case LUA_TNIL:
                case LUA_TBOOLEAN:
                    break;
                case LUA_TNUMBER:
                    take(sizeof(lua_Number));
                    break;  // both kinds are of one size: header()
                case LUA_TSTRING:
                    text();
                    break;
                default:
                    failed_ = true;
            }
        }
    }

    void debug(Function& read) {
        read.line_steps = take(number());
        for (std::size_t left = bounded(); left > 0 && !failed_; --left) {
            const std::size_t at = number();
            read.lines.emplace_back(at, static_cast<int>(number()));
        }
        for (std::size_t left = bounded(); left > 0 && !failed_; --left) {  // local variables
            text();
            number();
            number();
        }
        const std::size_t names = bounded();
        for (std::size_t n = 0; n < names && !failed_; ++n) {
            const std::string_view name = text();
            if (n < read.upvalues.size()) read.upvalues[n].name = name;
        }
    }

    std::string_view rest_;
    bool failed_ = false;
};

int line_of(const Function& function, std::size_t instruction) {
    int line = function.line_defined;
    for (std::size_t at = 0; at <= instruction && at < function.line_steps.size(); ++at) {
        const auto step = static_cast<std::int8_t>(function.line_steps[at]);
        if (step != line_stands_elsewhere) {
            line += step;
            continue;
        }
        for (const auto& [known, its_line] : function.lines)
            if (known == at) line = its_line;
    }
    return line;
}

// `lasts[n]`: whether upvalue n of this function is one of the outermost function.
std::optional<LastingAssignment> search(const Function& function, const std::vector<bool>& lasts) {
    for (std::size_t at = 0; (at + 1) * sizeof(std::uint32_t) <= function.code.size(); ++at) {
        std::uint32_t instruction = 0;
        std::memcpy(&instruction, function.code.data() + at * sizeof instruction, sizeof instruction);
        if ((instruction & op_bits) != op_setupval) continue;
        const std::size_t upvalue = instruction >> b_shift & 0xFFU;
        if (upvalue >= lasts.size() || !lasts[upvalue]) continue;
        return LastingAssignment{{}, std::string(function.upvalues[upvalue].name), line_of(function, at)};
    }
    for (const Function& inner : function.inner) {
        std::vector<bool> of_inner;
        for (const Upvalue& upvalue : inner.upvalues)
            of_inner.push_back(!upvalue.in_stack && upvalue.index < lasts.size() && lasts[upvalue.index]);
        if (auto found = search(inner, of_inner)) return found;
    }
    return std::nullopt;
}

int append(lua_State*, const void* part, std::size_t size, void* to) {
    static_cast<std::string*>(to)->append(static_cast<const char*>(part), size);
    return 0;
}

}  // namespace

AssignmentSearch find_lasting_assignment(lua_State* L, int index) {
    AssignmentSearch result;
    std::string dump;
    lua_pushvalue(L, index);
    lua_dump(L, append, &dump, 0);
    lua_pop(L, 1);
    result.bytes = dump.size();
    DumpReader reader(dump);
    reader.header();
    const Function function = reader.function();
    if (reader.failed()) {
        result.read = CodeRead::unknown_format;
        return result;
    }
    result.found = search(function, std::vector<bool>(function.upvalues.size(), true));
    if (result.found) result.found->file = function.source.substr(function.source.starts_with('@') ? 1 : 0);
    return result;
}

}  // namespace trunkline::scripting
