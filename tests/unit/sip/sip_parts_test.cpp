// The parts of the SIP door that need no wire.
#include <gtest/gtest.h>

#include <algorithm>

#include "adapters/sip/address.hpp"
#include "adapters/sip/duplicate_table.hpp"
#include "adapters/sip/method_names.hpp"
#include "adapters/sip/peer_limits.hpp"
#include "adapters/sip/peer_proofs.hpp"
#include "adapters/sip/sdp.hpp"
#include "adapters/sip/uri.hpp"

namespace trunkline::sip {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

std::string identity(std::string_view text) {
    const auto uri = parse_uri(text);
    return uri ? uri->identity() : "error: " + uri.error().message;
}

TEST(UriTest, IsOneTextHoweverItIsSpelled) {
    for (const char* spelling :
         {"sip:ann@example.com", "SIP:ann@EXAMPLE.com", "sip:ann@example.com:5060", "sip:%61nn@example.com",
          "sip:ann:secret@example.com;transport=tcp?subject=x"}) {
        EXPECT_EQ(identity(spelling), "sip:ann@example.com") << spelling;
    }
}

TEST(UriTest, KeepsApartWhatIsNotTheSame) {
    EXPECT_EQ(identity("sip:Ann@example.com"), "sip:Ann@example.com");  // the user part is compared with case
    EXPECT_EQ(identity("sips:ann@example.com:5060"), "sips:ann@example.com:5060");
    EXPECT_EQ(identity("sip:ann@example.com:5070"), "sip:ann@example.com:5070");
    EXPECT_EQ(identity("sip:a%40b@example.com"), "sip:a%40b@example.com");  // an escaped @ stays escaped
    EXPECT_EQ(identity("sip:[2001:DB8::1]:5060"), "sip:[2001:db8::1]");
    EXPECT_EQ(identity("tel:+49-89-(123)"), "tel:+4989123");
}

TEST(UriTest, GivesTheUserPartAsAPersonReadsIt) {
    EXPECT_EQ(parse_uri("sip:j%C3%BCrgen%40work@example.com")->plain_user(), "jürgen@work");
}

TEST(UriTest, RefusesWhatIsNoAddress) {
    for (const char* bad :
         {"", "ann", "http://example.com", "sip:", "sip:ann@", "sip:ann@exa mple.com", "sip:ann@host:0",
          "sip:ann@host:99999", "sip:%zz@host", "sip:a%4@host", "tel:", "sip:ann@[::1"}) {
        EXPECT_FALSE(parse_uri(bad)) << bad;
    }
    EXPECT_FALSE(parse_uri("sip:" + std::string(2000, 'a') + "@host"));
}

TEST(DuplicateTableTest, RemembersAnAnswerForItsLifetimeAndNoLonger) {
    DuplicateTable table(10);
    const TransactionKey key{1, 2};
    EXPECT_EQ(table.find(key, seconds(0)).seen, DuplicateTable::Seen::never);
    ASSERT_TRUE(table.insert(key));
    EXPECT_EQ(table.find(key, seconds(1000)).seen, DuplicateTable::Seen::unanswered)
        << "an unanswered request is never forgotten";
    table.answer(key, 200, seconds(1000));
    const auto found = table.find(key, seconds(1032) - milliseconds(1));
    EXPECT_EQ(found.seen, DuplicateTable::Seen::answered);
    EXPECT_EQ(found.status, 200);
    EXPECT_EQ(table.find(key, seconds(1032)).seen, DuplicateTable::Seen::never);
    EXPECT_EQ(table.size(), 0U);
}

TEST(DuplicateTableTest, TakesNothingNewWhenItIsFullAndForgetsNothingForIt) {
    DuplicateTable table(2);
    ASSERT_TRUE(table.insert({1, 1}));
    ASSERT_TRUE(table.insert({2, 2}));
    EXPECT_FALSE(table.insert({3, 3}));
    table.answer({1, 1}, 200, seconds(0));
    EXPECT_EQ(table.find({1, 1}, seconds(31)).seen, DuplicateTable::Seen::answered);
    EXPECT_EQ(table.find({1, 1}, seconds(32)).seen, DuplicateTable::Seen::never);
    EXPECT_TRUE(table.insert({3, 3}));
}

TEST(DuplicateTableTest, KeepsTheFirstAnswer) {
    DuplicateTable table(2);
    ASSERT_TRUE(table.insert({1, 1}));
    table.answer({1, 1}, 200, seconds(0));
    table.answer({1, 1}, 503, seconds(1));
    EXPECT_EQ(table.find({1, 1}, seconds(2)).status, 200);
}

TEST(PeerLimitsTest, CountsTheSessionsOfEachPeerByItself) {
    PeerLimits limits;
    const PeerAllowance two{2, 0};
    EXPECT_TRUE(limits.open("a", two, seconds(0)));
    EXPECT_TRUE(limits.open("a", two, seconds(0)));
    EXPECT_FALSE(limits.open("a", two, seconds(0)));
    EXPECT_TRUE(limits.open("b", two, seconds(0)));
    limits.close("a");
    EXPECT_TRUE(limits.open("a", two, seconds(0)));
}

TEST(PeerLimitsTest, LetsAsManyInASecondAsAllowed) {
    PeerLimits limits;
    const PeerAllowance two{0, 2};
    EXPECT_TRUE(limits.open("a", two, seconds(0)));
    EXPECT_TRUE(limits.open("a", two, seconds(0)));
    EXPECT_FALSE(limits.open("a", two, milliseconds(499)));
    EXPECT_TRUE(limits.open("a", two, milliseconds(500)));
    EXPECT_FALSE(limits.open("a", two, milliseconds(500)));
}

TEST(PeerLimitsTest, ForgetsPeersThatAreGone) {
    PeerLimits limits;
    for (int i = 0; i < 100; ++i) {
        const std::string peer = std::to_string(i);
        ASSERT_TRUE(limits.open(peer, {10, 10}, seconds(0)));
        limits.close(peer);
    }
    ASSERT_TRUE(limits.open("last", {10, 10}, seconds(5)));
    EXPECT_EQ(limits.peers(), 1U);
}

TEST(PeerLimitsTest, AllowsEachPeerWhatIsHis) {
    PeerLimits limits;
    ASSERT_TRUE(limits.open("a", {1, 0}, seconds(0)));
    EXPECT_FALSE(limits.open("a", {1, 0}, seconds(0)));
    EXPECT_TRUE(limits.open("trunk", {2, 0}, seconds(0)));
    EXPECT_TRUE(limits.open("trunk", {2, 0}, seconds(0)));
    EXPECT_FALSE(limits.open("trunk", {2, 0}, seconds(0)));
}

TEST(PeerProofsTest, LetThreeTextsGoToAPeerWhoHasNeverAnswered) {
    PeerProofs proofs;
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(proofs.begin("a"));
    EXPECT_FALSE(proofs.begin("a"));
    EXPECT_TRUE(proofs.begin("b"));
    proofs.end("a");
    EXPECT_TRUE(proofs.begin("a"));
    EXPECT_FALSE(proofs.begin("a"));
    proofs.prove("a");
    EXPECT_TRUE(proofs.begin("a"));
    EXPECT_TRUE(proofs.begin("a"));
}

TEST(PeerProofsTest, RememberSoManyAndForgetTheOldest) {
    PeerProofs proofs(2);
    for (const char* peer : {"a", "b", "c"}) proofs.prove(peer);
    EXPECT_FALSE(proofs.proven("a"));
    EXPECT_TRUE(proofs.proven("b"));
    EXPECT_TRUE(proofs.proven("c"));
}

TEST(SdpTest, KnowsAMessageLineByItsNameAndTransport) {
    EXPECT_TRUE(offers_messages("v=0\r\nm=message 5060 sip null\r\n"));
    EXPECT_TRUE(offers_messages("v=0\nm=x-ms-message 0 sip sip:ann@lab.local\n"));
    EXPECT_FALSE(offers_messages("v=0\r\nm=message 7394 TCP/MSRP *\r\n"));
    EXPECT_FALSE(offers_messages("v=0\r\nm=audio 4000 RTP/AVP 0\r\n"));
    EXPECT_FALSE(offers_messages(""));
}

TEST(SdpTest, RefusesTheOtherLinesInTheirPlaces) {
    const std::string answer = answer_messages(
        "m=audio 4000 RTP/AVP 0 8\r\nm=message 5060 sip null\r\nm=message 1 sip null\r\n", "::1", 5070, 3);
    EXPECT_NE(answer.find("m=audio 0 RTP/AVP 0 8\r\nm=message 5070 sip "
                          "null\r\na=accept-types:text/plain\r\nm=message 0 sip null\r\n"),
              std::string::npos)
        << answer;
    EXPECT_NE(answer.find("c=IN IP6 ::1\r\n"), std::string::npos);
}

TEST(ListenAddressTest, SaysWhatIsWrong) {
    EXPECT_EQ(parse_listen_address("tcp:[::1]:0")->url(), "sip:[::1]:*;transport=tcp");
    EXPECT_EQ(parse_listen_address("tls:0.0.0.0:5061")->url(), "sips:0.0.0.0:5061;transport=tls");
    for (const char* bad : {"", "5060", "udp:5060", "sctp:0.0.0.0:5061", "udp:0.0.0.0:70000",
                            "udp:localhost:5060", "udp::5060", "udp:1.2.3.4:x"}) {
        const auto address = parse_listen_address(bad);
        ASSERT_FALSE(address) << bad;
        EXPECT_NE(address.error().message.find("for example"), std::string::npos);
    }
}

TEST(ListenAddressTest, OpensADoorForEachAddressOfTheMachine) {
    const auto doors = each_interface({"udp", "0.0.0.0", 5060});
    const auto is_loopback = [](const ListenAddress& door) { return door.text() == "udp:127.0.0.1:5060"; };
    EXPECT_EQ(std::count_if(doors.begin(), doors.end(), is_loopback), 1);
    for (const ListenAddress& door : doors) EXPECT_NE(door.host, "0.0.0.0");
    for (const char* alone : {"udp:127.0.0.1:5060", "tcp:0.0.0.0:0", "tcp:[::]:5060"}) {
        const auto same = each_interface(*parse_listen_address(alone));
        ASSERT_EQ(same.size(), 1U) << alone;
        EXPECT_EQ(same[0].text(), alone);
    }
}

TEST(ReplyRouteTest, RemembersTheDoorAsLongAsTheTransportIsTheSame) {
    const Peer peer{"10.0.0.7", 5070, "udp", "udp:10.0.0.1:5060"};
    EXPECT_EQ(door_of(reply_route(peer, nullptr)), "udp:10.0.0.1:5060");
    EXPECT_EQ(door_of("sip:10.0.0.7:5070;transport=udp"), "");
    Home home;
    EXPECT_EQ(door_of(reply_route(peer, sip_contact_make(home.get(), "<sip:a@10.0.0.7:5080>"))),
              "udp:10.0.0.1:5060");
    EXPECT_EQ(reply_route(peer, sip_contact_make(home.get(), "<sip:a@10.0.0.7:5080;transport=tcp>")),
              "sip:10.0.0.7:5080;transport=tcp");
}

TEST(MethodNamesTest, ReadsServiceWhichTheLibraryAloneDoesNot) {
    EXPECT_NO_THROW(require_own_method_names());
}

}  // namespace
}  // namespace trunkline::sip
