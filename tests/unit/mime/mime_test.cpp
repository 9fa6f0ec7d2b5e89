// Types and parts of MIME as strangers write them.
#include "adapters/mime/mime.hpp"

#include <gtest/gtest.h>

namespace trunkline::mime {
namespace {

TEST(MimeTest, ReadsParametersInQuotes) {
    const auto type = parse_content_type("Multipart/Mixed ; x=\"a;boundary=no\" ; Boundary=\"a\\\"b;c\"");
    EXPECT_EQ(type.type, "multipart/mixed");
    EXPECT_EQ(type.boundary, "a\"b;c");
}

TEST(MimeTest, LooksAtAsManyPartsAsItIsTold) {
    std::string body;
    for (int i = 0; i < 1000; ++i) body += "--x\r\n\r\nhi\r\n";
    EXPECT_EQ(split_parts(body, "x", 16).size(), 16U);
    EXPECT_EQ(split_parts(body, "x", 2000).size(), 1000U);
}

}  // namespace
}  // namespace trunkline::mime
