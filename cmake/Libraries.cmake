# The libraries, all from Debian packages (list: cmake/packages.txt).
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS json program_options url)
find_package(OpenSSL REQUIRED)
find_package(ICU REQUIRED COMPONENTS uc)
find_package(yaml-cpp REQUIRED)
find_package(pugixml REQUIRED)
find_package(spdlog REQUIRED)
find_package(date REQUIRED)  # its tz part reads the system's tzdata
find_package(GTest REQUIRED)
find_package(PostgreSQL REQUIRED)
# The C++ flavour of Lua: an error unwinds C++ frames, so destructors run. The C flavour must never be linked beside it.
pkg_check_modules(LUA REQUIRED IMPORTED_TARGET lua5.4-c++)
pkg_check_modules(SOFIA REQUIRED IMPORTED_TARGET sofia-sip-ua)
pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET libsodium)
# SOCI ships no CMake configuration in Debian 12.
find_path(SOCI_INCLUDE soci/soci.h REQUIRED)
find_library(SOCI_CORE soci_core REQUIRED)
find_library(SOCI_POSTGRESQL soci_postgresql REQUIRED)
add_library(soci INTERFACE)
target_include_directories(soci SYSTEM INTERFACE ${SOCI_INCLUDE} ${PostgreSQL_INCLUDE_DIRS})
target_link_libraries(soci INTERFACE ${SOCI_POSTGRESQL} ${SOCI_CORE} PostgreSQL::PostgreSQL)
# Asio and Beast are compiled once, not in every source that includes them: what is no template of theirs.
file(WRITE ${CMAKE_BINARY_DIR}/asio.cpp.in
     "#include <boost/asio/impl/src.hpp>\n#include <boost/asio/ssl/impl/src.hpp>\n#include <boost/beast/src.hpp>\n")
configure_file(${CMAKE_BINARY_DIR}/asio.cpp.in ${CMAKE_BINARY_DIR}/asio.cpp COPYONLY)  # touched only where it changed
add_library(asio STATIC ${CMAKE_BINARY_DIR}/asio.cpp)
target_compile_definitions(asio PUBLIC BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION)
target_link_libraries(asio PUBLIC Boost::headers OpenSSL::SSL OpenSSL::Crypto Threads::Threads PRIVATE trunkline_options)
