#include "apps/trunklined/certificates.hpp"

namespace trunkline::apps {
namespace {

std::shared_ptr<tls::ServerCertificates> load(const std::string& setting,
                                              const std::optional<TlsFiles>& files) {
    return files ? std::make_shared<tls::ServerCertificates>(tls_files(setting, *files)) : nullptr;
}

}  // namespace

tls::Files tls_files(const std::string& setting, const TlsFiles& files) {
    return {setting, files.cert.string(), files.key.string(), files.ca.string()};
}

Certificates::Certificates(const Settings& settings)
    : tlib_(load("tlib.tls", settings.tlib.tls)), http_(load("http.tls", settings.http.tls)) {}

std::vector<std::string> Certificates::reload() const {
    std::vector<std::string> errors;
    for (const auto& one : {tlib_, http_}) {
        if (!one) continue;
        try {
            one->reload();
        } catch (const std::runtime_error& error) {
            errors.emplace_back(error.what());
        }
    }
    return errors;
}

}  // namespace trunkline::apps
