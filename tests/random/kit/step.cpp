#include "tests/random/kit/step.hpp"

#include <boost/json.hpp>
#include <fstream>
#include <stdexcept>

namespace trunkline::random_test {
namespace json = boost::json;

std::string to_line(const Step& step) {
    json::object out;
    out["step"] = boost::describe::enum_to_string(step.kind, "?");
    const auto text = [&](const char* key, const std::string& value) {
        if (!value.empty()) out[key] = value;
    };
    text("who", step.who);
    text("dn", step.dn);
    text("session", step.session);
    text("text", step.text);
    text("other", step.other);
    if (step.number != 0) out["number"] = step.number;
    if (step.at != 0) out["at"] = step.at;
    return json::serialize(out);
}

Step step_from_line(std::string_view line) {
    const json::object in = json::parse(line).as_object();
    Step step;
    const std::string kind = json::value_to<std::string>(in.at("step"));
    if (!boost::describe::enum_from_string(kind.c_str(), step.kind))
        throw std::runtime_error("'" + kind + "' is no kind of step");
    const auto text = [&](const char* key, std::string& value) {
        if (const auto* found = in.if_contains(key)) value = json::value_to<std::string>(*found);
    };
    text("who", step.who);
    text("dn", step.dn);
    text("session", step.session);
    text("text", step.text);
    text("other", step.other);
    if (const auto* number = in.if_contains("number")) step.number = number->to_number<std::int64_t>();
    if (const auto* at = in.if_contains("at")) step.at = at->to_number<std::int64_t>();
    return step;
}

void write_steps(const std::string& file, std::uint64_t seed, const Steps& steps) {
    std::ofstream out(file);
    out << json::serialize(json::object{{"seed", seed}}) << '\n';
    for (const Step& step : steps) out << to_line(step) << '\n';
    out.close();
    if (!out) throw std::runtime_error(file + ": cannot be written");
}

StepsFile read_steps(const std::string& file) {
    std::ifstream in(file);
    if (!in) throw std::runtime_error(file + ": cannot be read");
    StepsFile read;
    std::string line;
    for (int number = 1; std::getline(in, line); ++number) {
        if (line.empty()) continue;
        try {
            if (number == 1)
                read.seed = json::parse(line).at("seed").to_number<std::uint64_t>();
            else
                read.steps.push_back(step_from_line(line));
        } catch (const std::exception& error) {
            throw std::runtime_error(file + ":" + std::to_string(number) + ": " + error.what());
        }
    }
    return read;
}

}  // namespace trunkline::random_test
