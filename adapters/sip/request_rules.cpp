#include "adapters/sip/request_rules.hpp"

#include <string_view>

namespace trunkline::sip {
namespace {

/// Nothing that com.microsoft.rtc-multiparty stands for changes what we do.
bool is_known_extension(std::string_view name) {
    return name == "com.microsoft.rtc-multiparty" || name == "timer";
}

bool is_method_of_dialogs(sip_method_t method) {
    return method == sip_method_bye || method == sip_method_cancel || method == sip_method_notify ||
           method == sip_method_update;
}

bool opens_something(sip_method_t method) {
    return method == sip_method_message || method == sip_method_invite || method == sip_method_options;
}

bool same_method(const sip_request_t* line, const sip_cseq_t* cseq) {
    return line->rq_method == cseq->cs_method &&
           (line->rq_method != sip_method_unknown ||
            std::string_view(line->rq_method_name) == cseq->cs_method_name);
}

bool has_known_scheme(const url_t* url) {
    return url->url_type == url_sip || url->url_type == url_sips || url->url_type == url_tel;
}

}  // namespace

std::string unknown_extensions(const sip_t* request) {
    std::string unknown;
    const sip_method_t method = request->sip_request->rq_method;
    if (method == sip_method_ack || method == sip_method_cancel) return unknown;
    if (request->sip_require == nullptr || request->sip_require->k_items == nullptr) return unknown;
    for (const char* const* item = request->sip_require->k_items; *item != nullptr; ++item) {
        if (!is_known_extension(*item)) unknown += (unknown.empty() ? "" : ", ") + std::string(*item);
    }
    return unknown;
}

std::optional<Refusal> refusal_of(const sip_t* request, bool registrar) {
    const sip_method_t method = request->sip_request->rq_method;
    if (!same_method(request->sip_request, request->sip_cseq)) return Refusal{400, {}};
    if (!has_known_scheme(request->sip_request->rq_url)) return Refusal{416, {}};
    if (request->sip_request->rq_url->url_headers != nullptr) return Refusal{400, {}};  // RFC 3261 19.1.1
    if (request->sip_to->a_tag != nullptr || is_method_of_dialogs(method)) return Refusal{481, {}};
    // Events of whatever package (RFC 6665 4.2.1.1, RFC 3903 6): we have none to tell of.
    if (method == sip_method_subscribe || method == sip_method_publish) return Refusal{489, {}};
    if (!opens_something(method) && !(registrar && method == sip_method_register)) return Refusal{405, {}};
    if (std::string unknown = unknown_extensions(request); !unknown.empty())
        return Refusal{420, std::move(unknown)};
    return std::nullopt;
}

}  // namespace trunkline::sip
