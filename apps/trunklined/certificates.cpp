#include "apps/trunklined/certificates.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace trunkline::apps {
namespace {

std::optional<tls::Files> files_of(const std::string& setting, const std::optional<TlsFiles>& files) {
    if (!files) return std::nullopt;
    return tls::Files{setting, files->cert.string(), files->key.string(), files->ca.string()};
}

/// What `read` says is wrong, behind the place of the setting.
template <class Read>
auto with_place(const std::string& place, const Read& read) {
    try {
        return read();
    } catch (const std::runtime_error& error) {
        throw SettingsError(place + error.what());
    }
}

std::shared_ptr<tls::ServerCertificates> load(const Settings& settings, const std::string& setting,
                                              const std::optional<TlsFiles>& given) {
    const auto files = files_of(setting, given);
    if (!files) return nullptr;
    return with_place(settings.place(setting),
                      [&] { return std::make_shared<tls::ServerCertificates>(*files); });
}

std::optional<tls::Files> check_sip(const Settings& settings) {
    const auto& sip = settings.sip;
    const auto files = files_of("sip.tls", sip.tls);
    const auto door = std::find_if(sip.listen.begin(), sip.listen.end(),
                                   [](const std::string& address) { return address.starts_with("tls:"); });
    const bool has_cert = files && !files->cert.empty();
    if (door != sip.listen.end() && !has_cert)
        throw SettingsError(settings.place("sip.listen") + "sip.listen: '" + *door +
                            "' needs a certificate; add sip.tls: {cert: FILE, key: FILE}");
    if (door == sip.listen.end() && has_cert)
        spdlog::warn(
            "sip.tls names a certificate, but nobody can come by TLS: add tls:0.0.0.0:5061 to sip.listen");
    if (files)
        for (const auto& warning :
             with_place(settings.place("sip.tls"), [&] { return tls::check_files(*files); }))
            spdlog::warn("{}", warning);
    return files;
}

}  // namespace

Certificates::Certificates(const Settings& settings)
    : sip_(check_sip(settings)),
      tlib_(load(settings, "tlib.tls", settings.tlib.tls)),
      http_(load(settings, "http.tls", settings.http.tls)) {}

std::vector<std::string> Certificates::reload() const {
    std::vector<std::string> errors;
    const auto attempt = [&errors](const auto& read) {
        try {
            read();
        } catch (const std::runtime_error& error) {
            errors.emplace_back(error.what());
        }
    };
    if (sip_) attempt([this] { (void)tls::check_files(*sip_); });
    if (tlib_) attempt([this] { tlib_->reload(); });
    if (http_) attempt([this] { http_->reload(); });
    return errors;
}

}  // namespace trunkline::apps
