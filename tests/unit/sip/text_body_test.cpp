// Bodies of messages as strangers' clients write them: charsets, wrappings, and what cannot be shown.
#include <gtest/gtest.h>

#include "adapters/sip/text_body.hpp"

namespace trunkline::sip {
namespace {

using namespace std::string_literals;

/// The text that is shown, or what else becomes of the body.
std::string shown(std::string_view type, std::string_view body) {
    const TextBody read = read_text_body(type, "", body);
    if (read.refusal != 0) return "refused " + std::to_string(read.refusal);
    return read.shown ? read.text : "nothing";
}

TEST(TextBodyTest, ReadsTheCharsetsOfOldClients) {
    EXPECT_EQ(shown("text/plain; charset=ISO-8859-1", "Gr\xfc\xdf"), "Grüß");
    EXPECT_EQ(shown("text/plain; charset=windows-1252", "5 \x80"), "5 €");
    EXPECT_EQ(shown("Text/Plain;charset=\"UTF-8\"", "Grüß"), "Grüß");
    EXPECT_EQ(shown("text/plain;format=flowed; CHARSET = us-ascii ;x=y", "hi"), "hi");
    EXPECT_EQ(shown("text/plain;charset=UTF-8", "\xEF\xBB\xBFhi"), "hi") << "the mark is no text";
}

TEST(TextBodyTest, ReadsUtf16InBothOrders) {
    EXPECT_EQ(shown("text/plain;charset=UTF-16", "\xFF\xFEG\0\xfc\0"s), "Gü");
    EXPECT_EQ(shown("text/plain;charset=UTF-16", "\xFE\xFF\0G\0\xfc"s), "Gü");
    EXPECT_EQ(shown("text/plain;charset=UTF-16", "\x20\xAC"), "€") << "without a mark: big end first";
    EXPECT_EQ(shown("text/plain;charset=UTF-16LE", "\xAC\x20"), "€");
    EXPECT_EQ(shown("text/plain;charset=UTF-16BE", "\xD8\x3D\xDE\x00"s), "\xF0\x9F\x98\x80");
    EXPECT_EQ(shown("text/plain;charset=UTF-16BE", "\xD8\x3D\0a"s),
              "\xEF\xBF\xBD"
              "a")
        << "half a pair";
    EXPECT_EQ(shown("text/plain;charset=UTF-16LE", "a\0b"s), "a\xEF\xBF\xBD") << "half a unit";
}

TEST(TextBodyTest, FindsTheCharsetWhereNoneIsWritten) {
    EXPECT_EQ(shown("text/plain", "Grüß"), "Grüß");
    EXPECT_EQ(shown("text/plain", "\xEF\xBB\xBFGrüß"), "Grüß");
    EXPECT_EQ(shown("text/plain", "Gr\xfc\xdf"), "Grüß") << "no UTF-8: ISO-8859-1";
    EXPECT_EQ(shown("text/plain", "\xFF\xFEG\0\xfc\0"s), "Gü");
    EXPECT_EQ(shown("text/plain", "\xFE\xFF\0G\0\xfc"s), "Gü");
    EXPECT_EQ(shown("text/plain", "h\0i\0"s), "hi");
    EXPECT_EQ(shown("text/plain", "\0h\0i"s), "hi");
    EXPECT_EQ(shown("text/plain", "a\0b"s),
              "a\xEF\xBF\xBD"
              "b");
}

TEST(TextBodyTest, ReadsTheCharsetsOfOtherCountries) {
    const std::tuple<const char*, std::string, const char*> texts[] = {
        {"windows-1251", "\xcf\xf0\xe8", "При"},
        {"KOI8-R", "\xf0\xd2\xc9", "При"},
        {"koi8-u", "\xa4", "є"},
        {"ibm866", "\x8f", "П"},
        {"iso-8859-2", "\xb3\xf3", "łó"},
        {"iso-8859-15", "\xa4", "€"},
        {"windows-1254", "\xfd\x80", "ı€"},
        {"windows-1255", "\xe0", "א"},
        {"windows-1256", "\xc7", "ا"},
        {"tis-620", "\xa1", "ก"},
        {"Shift_JIS", "\x83\x65\x83\x58\x5c\x87\x40", "テス\\①"},
        {"euc-jp", "\xa5\xc6", "テ"},
        {"iso-2022-jp", "\x1b$B%F\x1b(Ba", "テa"},
        {"gbk", "\xc4\xe3\x81\x40", "你丂"},
        {"gb18030", "\xc4\xe3\x95\x32\x82\x36", "你\U00020000"},
        {"big5", "\xa7\x41", "你"},
        {"euc-kr", "\xc7\xd1", "한"},
        {"utf-32", std::string("\0\0\x20\xAC", 4), "€"},
    };
    for (const auto& [charset, bytes, text] : texts)
        EXPECT_EQ(shown("text/plain;charset="s + charset, bytes), text) << charset;
}

TEST(TextBodyTest, ReadsWhatClientsMeanByANameThatIsTooNarrow) {
    EXPECT_EQ(shown("text/plain;charset=l1", "\x80"), "€");
    EXPECT_EQ(shown("text/plain;charset=iso-8859-9", "\xfd\x80"), "ı€");
    EXPECT_EQ(shown("text/plain;charset=gb2312", "\x81\x40"), "丂");
    EXPECT_EQ(shown("text/plain;charset=euc-kr", "\x8c\x63"), "똠");
    EXPECT_EQ(shown("text/plain;charset=ks_c_5601-1987", "\x8c\x63"), "똠");
    EXPECT_EQ(shown("text/plain;charset=ascii", "Grüß"), "Grüß");
    EXPECT_EQ(shown("text/plain;charset=unicode", "\xFF\xFEG\0"s), "G");
}

TEST(TextBodyTest, MarksWhatIsNoCharacterInACharset) {
    const std::string mark = "\xEF\xBF\xBD";
    EXPECT_EQ(shown("text/plain;charset=utf-8", "a\xff"), "a" + mark);
    EXPECT_EQ(shown("text/plain;charset=utf-8", "a\0b"s), "a" + mark + "b") << "SQL keeps no NUL";
    EXPECT_EQ(shown("text/plain;charset=koi8-r", "a\0b"s), "a" + mark + "b");
    EXPECT_EQ(shown("text/plain;charset=shift_jis", "a\x83"), "a" + mark) << "half a character";
    EXPECT_EQ(shown("text/plain;charset=gb18030", "\x81\x30"), mark);
    EXPECT_EQ(shown("text/plain;charset=shift_jis", std::string(max_body_size, '\x83')).size() % 3, 0U);
}

TEST(TextBodyTest, RefusesACharsetThatItDoesNotKnowUnlessTheTextIsAsciiAnyway) {
    EXPECT_EQ(shown("text/plain;charset=klingon", "\xf0\xd2"), "refused 415");
    EXPECT_EQ(shown("text/plain;charset=klingon", "hello"), "hello");
    // Words that mean more than a name to a library.
    for (const std::string name : {"koi8-r//TRANSLIT", "\"koi8-r,swaplfnl\"", "\"ISO-2022,locale=ja\"",
                                   "../x.cnv", "/etc/passwd", "\"\\\"\""})
        EXPECT_EQ(shown("text/plain;charset=" + name, "\xf0\xd2"), "refused 415") << name;
    EXPECT_EQ(shown("text/plain;charset=" + std::string(60000, 'k'), "\xf0\xd2"), "refused 415");
}

TEST(TextBodyTest, RefusesWhatCannotBeShown) {
    EXPECT_EQ(shown("text/html", "<b>"), "refused 415");
    EXPECT_EQ(shown("", "x"), "refused 415");
    EXPECT_EQ(read_text_body("text/plain", "gzip", "x").refusal, 415);
    EXPECT_EQ(read_text_body("text/plain", " Identity", "x").text, "x");
    EXPECT_EQ(read_text_body("text/plain", "", std::string(max_body_size, 'x')).refusal, 0);
    EXPECT_EQ(read_text_body("text/plain", "", std::string(max_body_size + 1, 'x')).refusal, 413);
}

TEST(TextBodyTest, ShowsNothingOfEmptyBodiesAndTypingNotices) {
    EXPECT_EQ(shown("", ""), "nothing");
    EXPECT_EQ(shown("text/plain", ""), "nothing");
    EXPECT_EQ(shown("text/plain", "\xEF\xBB\xBF"), "nothing");
    EXPECT_EQ(shown("application/im-iscomposing+xml", "<isComposing/>"), "nothing");
}

TEST(TextBodyTest, TakesTheBestAlternativeThatItCanShow) {
    const std::string body =
        "a preamble\r\n--b 1\r\nContent-Type: text/plain\r\n\r\nplain\r\n--b 1  \r\n"
        "Content-Type: text/plain; charset=iso-8859-1\r\n\r\nbetter \xfc\r\n--b 1\r\n"
        "content-type:\r\n text/html\r\n\r\n<b>best</b>\r\n--b 1--\r\nan epilogue";
    EXPECT_EQ(shown("multipart/alternative; boundary=\"b 1\"", body), "better ü");
    EXPECT_EQ(shown("multipart/alternative", body), "refused 415") << "no boundary";
    EXPECT_EQ(shown("multipart/alternative;boundary=c", body), "refused 415");
}

TEST(TextBodyTest, TakesTheFirstTextOfAMixedBodyThatIsNoFile) {
    EXPECT_EQ(shown("multipart/mixed;boundary=x",
                    "--x\r\nContent-Type: image/png\r\n\r\n...\r\n--x\r\nContent-Disposition: Attachment; "
                    "filename=a.txt\r\n\r\nfile\r\n--x\r\n\r\nhello\r\nthere\r\n--x\r\n\r\nsecond\r\n--x--"),
              "hello\r\nthere");
    EXPECT_EQ(shown("multipart/mixed;boundary=x", "--x\n\nunix ends\n--x--\n"), "unix ends");
    EXPECT_EQ(shown("multipart/mixed;boundary=x", "--x\r\n\r\nno end"), "no end");
    EXPECT_EQ(shown("multipart/mixed;boundary=x", "--x\r\nContent-Type: image/png\r\n\r\n...\r\n--x--"),
              "refused 415");
    EXPECT_EQ(shown("multipart/mixed;boundary=x",
                    "--x\r\nContent-Type: application/im-iscomposing+xml\r\n\r\n<x/>\r\n--x--"),
              "nothing");
    EXPECT_EQ(shown("multipart/mixed;boundary=x", ""), "refused 415");
    EXPECT_EQ(shown("multipart/mixed;boundary=x", "--x\r\n\r\nhello\r\n--xy\r\n--x--"), "hello\r\n--xy");
}

TEST(TextBodyTest, UnpacksQuotedPrintableAndBase64) {
    const auto part = [](const std::string& encoding, const std::string& packed) {
        return shown("multipart/mixed;boundary=x",
                     "--x\r\nContent-Type: text/plain;charset=utf-8\r\nContent-Transfer-Encoding: " +
                         encoding + "\r\n\r\n" + packed + "\r\n--x--");
    };
    EXPECT_EQ(part("quoted-printable", "Gr=C3=BC=c3=9f=20=\r\nGott  \r\n1=2"), "Grüß Gott\r\n1=2");
    EXPECT_EQ(part("Base64", "R3LD\r\nvMOf"), "Grüß");
    EXPECT_EQ(part("base64", "aGk="), "hi");
    EXPECT_EQ(part("base64", "aGk"), "hi") << "without its padding";
    EXPECT_EQ(part("base64", "aGk=\r\n-- \r\nsent from a phone"), "hi");
    EXPECT_EQ(part("base64", ""), "nothing");
    EXPECT_EQ(part("base64", "a*k="), "refused 415");
    EXPECT_EQ(part("8bit", "Grüß"), "Grüß");
    EXPECT_EQ(part("x-uuencode", "hi"), "refused 415");
}

/// A text in `wrappings` multiparts, each inside the other.
std::string wrapped(int wrappings) {
    std::string inner = "\r\ndeep";
    for (int level = wrappings; level > 0; --level) {
        const std::string boundary = "b" + std::to_string(level);
        inner = "Content-Type: multipart/mixed;boundary=" + boundary + "\r\n\r\n--" + boundary + "\r\n" +
                inner + "\r\n--" + boundary + "--";
    }
    return inner.substr(inner.find("\r\n\r\n") + 4);  // the outermost header is the message's own
}

TEST(TextBodyTest, LooksFourWrappingsDeepAndNoDeeper) {
    EXPECT_EQ(shown("multipart/mixed;boundary=b1", wrapped(4)), "deep");
    EXPECT_EQ(shown("multipart/mixed;boundary=b1", wrapped(5)), "refused 415");
    EXPECT_EQ(shown("multipart/mixed;boundary=b1", wrapped(1000)), "refused 415");
}

TEST(TextBodyTest, UnwrapsCpim) {
    EXPECT_EQ(shown("message/cpim",
                    "From: Eve <im:eve@example.com>\r\nDateTime: 2026-11-20T10:00:00Z\r\n\r\nContent-Type: "
                    "text/plain; charset=utf-8\r\nContent-ID: <1>\r\n\r\nGrüß"),
              "Grüß");
    EXPECT_EQ(shown("Message/CPIM", "From: <im:eve@example.com>\r\n\r\nContent-Type: text/html\r\n\r\n<b>"),
              "refused 415");
    EXPECT_EQ(shown("message/cpim", "From: <im:eve@example.com>"), "refused 415");
}

}  // namespace
}  // namespace trunkline::sip
