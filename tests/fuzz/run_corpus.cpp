// Runs a fuzz target without libFuzzer: every file of the folders given, as it stands and a few hundred times
// mutated. The same bytes each time: the generator is seeded with the file's place. A crash leaves the input
// in the file "crash-input" of the working folder.
#include <algorithm>
#include <array>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include <unistd.h>

#include "tests/fuzz/fuzz.hpp"

namespace {

namespace fs = std::filesystem;

constexpr std::size_t largest = 1U << 17U;
std::string running;

void keep_input(int signal) {
    if (std::FILE* file = std::fopen("crash-input", "wb")) {
        (void)std::fwrite(running.data(), 1, running.size(), file);
        (void)std::fclose(file);
    }
    constexpr char words[] = "the input is in crash-input\n";
    (void)!::write(2, words, sizeof words - 1);
    std::signal(signal, SIG_DFL);
    std::raise(signal);
}

std::string read_file(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void run(std::string input) {
    running = std::move(input);
    (void)LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(running.data()), running.size());
}

class Mutator {
  public:
    Mutator(std::uint64_t seed, const std::vector<std::string>& corpus) : dice_(seed), corpus_(corpus) {}

    std::string of(std::string text) {
        for (std::size_t times = 1 + below(4); times > 0; --times) change(text);
        if (text.size() > largest) text.resize(largest);
        return text;
    }

  private:
    std::size_t below(std::size_t end) { return end == 0 ? 0 : dice_() % end; }

    void change(std::string& text) {
        static constexpr std::array<const char*, 16> words{
            "\r\n",        "\"",   "\\",   "(",  "[[[[[[[[",
            "{{{{{{{{",    "%",    ":",    ";",  "=",
            "\xff",        "\xc3", "\x00", "-1", "99999999999999999999",
            "\xed\xa0\x80"};
        const std::size_t at = below(text.size() + 1);
        switch (below(7)) {
            case 0:
                if (!text.empty()) text[below(text.size())] = static_cast<char>(dice_());
                break;
            case 1:
                text.erase(at, 1 + below(16));
                break;
            case 2:
                text.insert(at, words.at(below(words.size())));
                break;
            case 3:
                text.insert(at, std::string(1 + below(300), static_cast<char>(dice_())));
                break;
            case 4:
                text.resize(at);
                break;
            case 5: {
                const std::string part = text.substr(at, 1 + below(64));
                text.insert(below(text.size() + 1), part);
                break;
            }
            default: {
                const std::string& other = corpus_[below(corpus_.size())];
                const std::size_t from = below(other.size() + 1);
                text.insert(at, other.substr(from, 1 + below(64)));
            }
        }
    }

    std::mt19937_64 dice_;
    const std::vector<std::string>& corpus_;
};

}  // namespace

int main(int count, char** arguments) {
    if (count < 3) {
        std::fprintf(stderr, "usage: %s MUTATIONS_A_FILE FOLDER_OR_FILE...\n", arguments[0]);
        return 2;
    }
    std::vector<fs::path> files;
    for (int i = 2; i < count; ++i) {
        if (fs::is_directory(arguments[i]))
            for (const auto& entry : fs::directory_iterator(arguments[i])) files.push_back(entry.path());
        else
            files.emplace_back(arguments[i]);
    }
    std::sort(files.begin(), files.end());
    if (files.empty()) {
        std::fprintf(stderr, "no corpus: nothing would be tested\n");
        return 1;
    }
    for (const int signal : {SIGSEGV, SIGABRT, SIGFPE, SIGBUS, SIGILL}) std::signal(signal, keep_input);
    std::vector<std::string> corpus;
    for (const fs::path& file : files) corpus.push_back(read_file(file));
    const unsigned long mutations = std::strtoul(arguments[1], nullptr, 10);
    std::size_t runs = 0;
    for (std::size_t i = 0; i < corpus.size(); ++i) {
        run(corpus[i]);
        Mutator mutator(i + 1, corpus);
        for (unsigned long n = 0; n < mutations; ++n) run(mutator.of(corpus[i]));
        runs += 1 + mutations;
    }
    std::printf("%zu inputs from %zu files: every promise held\n", runs, corpus.size());
    return 0;
}
