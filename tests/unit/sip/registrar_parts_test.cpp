// The parts of the registrar that need no wire.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "adapters/sip/binding_file.hpp"
#include "adapters/sip/bindings.hpp"
#include "adapters/sip/digest.hpp"
#include "adapters/sip/nonces.hpp"

namespace trunkline::sip {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

/// The example of RFC 7616 3.9.1.
Credentials example(const std::string& rest) {
    const auto read = parse_credentials(
        "username=\"Mufasa\", realm=\"http-auth@example.org\", uri=\"/dir/index.html\", "
        "nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", nc=00000001, "
        "cnonce=\"f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ\", qop=auth, " +
        rest);
    return read.value_or(Credentials{});
}

TEST(DigestTest, KnowsTheAnswersOfTheRfcsExample) {
    const std::string who = "Mufasa:http-auth@example.org:Circle of Life";
    const Ha1 secret{hash_of(DigestAlgorithm::md5, who), hash_of(DigestAlgorithm::sha256, who)};
    const Credentials md5 = example("response=\"8ca523f5e9506fed4657c9700eebdbec\", algorithm=MD5");
    EXPECT_TRUE(is_right(md5, secret, "GET"));
    EXPECT_FALSE(is_right(md5, secret, "POST"));
    EXPECT_FALSE(is_right(md5, Ha1{}, "GET"));
    EXPECT_TRUE(is_right(
        example(
            "response=753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1, algorithm=SHA-256"),
        secret, "GET"));
}

TEST(DigestTest, ReadsNothingOutOfWhatIsNone) {
    const std::string good = "username=\"a\", realm=\"r\", nonce=\"n\", uri=\"u\", response=\"x\"";
    EXPECT_TRUE(parse_credentials(good));
    for (const std::string& bad :
         {std::string(), std::string("username"), good + ", algorithm=SHA-1", good + ", qop=auth",
          good + ", qop=auth-int, cnonce=\"c\", nc=1", good + ", qop=auth, cnonce=\"c\", nc=zz",
          good + ", opaque=\"" + std::string(2000, 'x') + "\"", good.substr(0, 30)}) {
        EXPECT_FALSE(parse_credentials(bad)) << bad;
    }
}

TEST(NoncesTest, AreGoodForATimeAndOnceForEachCount) {
    Nonces nonces(minutes(5));
    const std::string nonce = nonces.make(seconds(10));
    EXPECT_EQ(nonces.use(nonce, 1, seconds(11)), Nonces::Use::good);
    EXPECT_EQ(nonces.use(nonce, 1, seconds(12)), Nonces::Use::old);
    EXPECT_EQ(nonces.use(nonce, 3, seconds(13)), Nonces::Use::good);
    EXPECT_EQ(nonces.use(nonce, 2, seconds(14)), Nonces::Use::old);
    EXPECT_EQ(nonces.use(nonce, 4, seconds(310)), Nonces::Use::old);
    EXPECT_NE(nonces.make(seconds(10)), nonce);
}

TEST(NoncesTest, KnowTheirOwn) {
    Nonces nonces, others;
    std::string nonce = nonces.make(seconds(1));
    EXPECT_EQ(others.use(nonce, 1, seconds(1)), Nonces::Use::foreign);
    nonce.front() = '9';  // younger than it is
    EXPECT_EQ(nonces.use(nonce, 1, seconds(1)), Nonces::Use::foreign);
    for (const char* none : {"", ".", "1.1", "1.1.", "1.1.abc"}) {
        EXPECT_EQ(nonces.use(none, 1, seconds(1)), Nonces::Use::foreign) << none;
    }
}

TEST(NoncesTest, RememberOnlySoManyAndOnlyUntilTheyAreOver) {
    Nonces nonces(minutes(5), 2);
    const auto use_new = [&](seconds now) { return nonces.use(nonces.make(now), 1, now); };
    EXPECT_EQ(use_new(seconds(0)), Nonces::Use::good);
    EXPECT_EQ(use_new(seconds(1)), Nonces::Use::good);
    EXPECT_EQ(use_new(seconds(2)), Nonces::Use::old);
    EXPECT_EQ(use_new(seconds(300)), Nonces::Use::good);
    EXPECT_EQ(nonces.size(), 2U);
}

Binding at(const std::string& contact, std::int64_t expires, std::uint32_t cseq = 1,
           const std::string& call_id = "c") {
    return {contact, expires, call_id, cseq, "way"};
}

TEST(BindingsTest, TakeNoRequestThatIsOlderThanWhatTheyKnow) {
    Bindings bindings;
    EXPECT_EQ(bindings.put("1", {at("a", 100, 5)}, 0), Bindings::Change::done);
    EXPECT_EQ(bindings.put("1", {at("a", 200, 5)}, 0), Bindings::Change::out_of_order);
    EXPECT_EQ(bindings.put("1", {at("b", 200, 9), at("a", 200, 4)}, 0), Bindings::Change::out_of_order);
    EXPECT_EQ(bindings.of("1", 0).size(), 1U) << "all of a request or nothing";
    EXPECT_EQ(bindings.clear("1", "c", 5), Bindings::Change::out_of_order);
    EXPECT_EQ(bindings.put("1", {at("a", 300, 1, "another call")}, 0), Bindings::Change::done);
    EXPECT_EQ(bindings.clear("1", "c", 1), Bindings::Change::done);
    EXPECT_TRUE(bindings.all().empty());
}

TEST(BindingsTest, ForgetWhatIsOver) {
    Bindings bindings;
    ASSERT_EQ(bindings.put("1", {at("a", 100), at("b", 200)}, 0), Bindings::Change::done);
    ASSERT_EQ(bindings.put("2", {at("c", 100)}, 0), Bindings::Change::done);
    EXPECT_EQ(bindings.next_expiry(), 100);
    EXPECT_EQ(bindings.expire(99), std::vector<std::string>());
    EXPECT_EQ(bindings.of("1", 100).size(), 1U);
    EXPECT_EQ(bindings.expire(100), (std::vector<std::string>{"1", "2"}));
    EXPECT_EQ(bindings.all().size(), 1U);
    EXPECT_EQ(bindings.expire(200), std::vector<std::string>{"1"});
    EXPECT_EQ(bindings.next_expiry(), std::nullopt);
}

class BindingFileTest : public testing::Test {
  public:
    ~BindingFileTest() override { std::filesystem::remove(path); }
    const std::filesystem::path path =
        std::filesystem::temp_directory_path() / ("trunkline-binding-file-" + std::to_string(::getpid()));
};

TEST_F(BindingFileTest, ReadsWhatItWrote) {
    const std::vector<Binding> odd{{"sip:a b%20@x;y=\"\t\n", 123, "", 7, "sip:10.0.0.1"}, at("b", 5)};
    {
        BindingFile file(path);
        EXPECT_TRUE(file.load().empty());
        file.save("1 .\n1", odd);
        file.save("2", {at("c", 9)});
        file.save("2", {});
    }
    const auto all = BindingFile(path).load();
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all.begin()->first, "1 .\n1");
    EXPECT_EQ(all.begin()->second, odd);
}

TEST_F(BindingFileTest, LosesTheCutOffLineAloneAndStaysSmall) {
    {
        BindingFile file(path);
        (void)file.load();
        for (std::uint32_t i = 0; i < 5000; ++i) file.save("1", {at("a", 100, i)});
    }
    EXPECT_LT(std::filesystem::file_size(path), 100'000U);
    std::ofstream(path, std::ios::app) << ".2 9 1 .c .con";
    const auto all = BindingFile(path).load();
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all.at("1").front().cseq, 4999U);
    std::ofstream(path, std::ios::trunc) << "no binding at all\n\n .\n.1 x .\n.1 1 .\n";
    EXPECT_TRUE(BindingFile(path).load().empty());
}

}  // namespace
}  // namespace trunkline::sip
