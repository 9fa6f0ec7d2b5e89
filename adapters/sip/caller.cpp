#include "adapters/sip/caller.hpp"

#include "adapters/sip/uri.hpp"

namespace trunkline::sip {

std::variant<Caller, int> caller_of(const sip_t* request) {
    const auto target = parse_uri(url_text(request->sip_request->rq_url));
    if (!target || target->host.empty()) return 416;  // a tel URI names no host to answer from
    const auto from = parse_uri(url_text(request->sip_from->a_url));
    if (!from) return 400;
    Caller caller;
    caller.dnis = target->plain_user();
    caller.dnis = caller.dnis.substr(0, caller.dnis.find(';'));  // parameters of a telephone number
    if (caller.dnis.empty()) return 404;
    caller.host = target->host;
    caller.customer = from->identity();
    caller.ani = from->plain_user();
    return caller;
}

std::string_view payload_of(const sip_t* request) {
    const sip_payload_t* payload = request->sip_payload;
    return payload == nullptr || payload->pl_data == nullptr
               ? std::string_view()
               : std::string_view(payload->pl_data, payload->pl_len);
}

TextBody body_of(const sip_t* request) {
    std::string type;
    if (const sip_content_type_t* header = request->sip_content_type; header != nullptr) {
        type = header->c_type == nullptr ? "" : header->c_type;
        for (const char* const* param = header->c_params; param != nullptr && *param != nullptr; ++param) {
            type += std::string(";") + *param;
        }
    }
    const sip_content_encoding_t* coding = request->sip_content_encoding;
    const char* first = coding != nullptr && coding->k_items != nullptr ? coding->k_items[0] : nullptr;
    return read_text_body(type, first == nullptr ? "" : first, payload_of(request));
}

}  // namespace trunkline::sip
