// bench_relay PORT NEXT_HOST NEXT_PORT: the least that a text relay on Sofia does, to compare with. Every
// MESSAGE becomes a request of its own towards the next hop, whose final answer is the answer; transactions
// on both sides as RFC 3261 17 has them. No record, no routing, no session. Ends by a signal.
#include <sofia-sip/nta.h>
#include <sofia-sip/nta_tport.h>
#include <sofia-sip/sip_status.h>
#include <sofia-sip/su.h>
#include <sofia-sip/tport_tag.h>
#include <sofia-sip/url.h>

#include <iostream>
#include <string>

namespace {

// Transactions are kept 2 s instead of 32: with 20 kB each, memory would be what is measured.
constexpr unsigned transaction_ms = 2000;
constexpr unsigned receive_buffer = 4'000'000;

url_t* next_hop = nullptr;

int take_answer(nta_outgoing_magic_t* asked, nta_outgoing_t* out, const sip_t* answer) {
    auto* in = reinterpret_cast<nta_incoming_t*>(asked);
    const int status = answer != nullptr ? answer->sip_status->st_status : nta_outgoing_status(out);
    if (status < 200) return 0;
    nta_incoming_treply(in, status, status == 200 ? "OK" : "Not Relayed", TAG_END());
    nta_incoming_destroy(in);
    nta_outgoing_destroy(out);
    return 0;
}

int take_request(nta_leg_magic_t*, nta_leg_t* leg, nta_incoming_t* in, const sip_t* request) {
    if (request->sip_request->rq_method != sip_method_message) return 405;
    auto* asked = reinterpret_cast<nta_outgoing_magic_t*>(in);
    const auto* target = reinterpret_cast<const url_string_t*>(next_hop);
    const nta_outgoing_t* out = nta_outgoing_tcreate(
        leg, take_answer, asked, nullptr, SIP_METHOD_MESSAGE, target, SIPTAG_FROM(request->sip_from),
        SIPTAG_TO(request->sip_to), SIPTAG_CALL_ID(request->sip_call_id), SIPTAG_CSEQ(request->sip_cseq),
        SIPTAG_CONTENT_TYPE(request->sip_content_type), SIPTAG_PAYLOAD(request->sip_payload), TAG_END());
    return out == nullptr ? 500 : 0;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4) {
        std::cerr << "usage: bench_relay PORT NEXT_HOST NEXT_PORT\n";
        return 2;
    }
    su_init();
    su_root_t* root = su_root_create(nullptr);
    const std::string here = std::string("sip:127.0.0.1:") + argv[1] + ";transport=udp";
    const std::string next = std::string("sip:next@") + argv[2] + ":" + argv[3] + ";transport=udp";
    su_home_t home[1] = {SU_HOME_INIT(home)};
    next_hop = url_make(home, next.c_str());
    nta_agent_t* agent = nta_agent_create(root, reinterpret_cast<const url_string_t*>(here.c_str()), nullptr,
                                          nullptr, NTATAG_UA(1), NTATAG_SIP_T1X64(transaction_ms),
                                          TPTAG_UDP_RMEM(receive_buffer), TAG_END());
    if (agent == nullptr) {
        std::cerr << "bench_relay: cannot listen on 127.0.0.1:" << argv[1] << '\n';
        return 1;
    }
    nta_leg_tcreate(agent, take_request, nullptr, NTATAG_NO_DIALOG(1), TAG_END());
    std::cout << "relays to " << next << std::endl;
    su_root_run(root);
}
