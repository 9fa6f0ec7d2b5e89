# trunkline_room(engine/routing DEPENDS engine_agents ...): one static library a folder, named after it. A large room of
# the engine may name a header of its own that nearly all its sources include: PRECOMPILED. Where sources are compiled many
# at once (CMAKE_UNITY_BUILD, as CI does), names that a source keeps to itself are its room's.
# Arrows point down only; tests/structure checks the include lines against the same order.
add_library(trunkline_options INTERFACE)
set(warnings_of_names -Wshadow)
if(CMAKE_UNITY_BUILD)  # a source is not warned of its neighbours' names
  set(warnings_of_names -Wshadow=local -Wno-subobject-linkage)
endif()
target_include_directories(trunkline_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(trunkline_options INTERFACE -Wall -Wextra ${warnings_of_names} -Wnon-virtual-dtor -Woverloaded-virtual
                       -Wno-missing-field-initializers
                       # GCC 12 sees these inside its own std::string and std::variant once it has inlined them (bugs 105329, 105651).
                       -Wno-maybe-uninitialized -Wno-stringop-overflow -Wno-restrict "$<$<BOOL:${TRUNKLINE_WERROR}>:-Werror;-Wno-error=array-bounds;-Wno-error=stringop-overread>")
if(TRUNKLINE_SANITIZE)
  target_compile_options(trunkline_options INTERFACE -fsanitize=${TRUNKLINE_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(trunkline_options INTERFACE -fsanitize=${TRUNKLINE_SANITIZE})
  if(TRUNKLINE_SANITIZE MATCHES undefined AND CMAKE_CXX_COMPILER_ID STREQUAL GNU)
    # A third of GCC's time. A null shows itself; the other three are left to clang, in the preset fuzz.
    target_compile_options(trunkline_options INTERFACE -fno-sanitize=null,alignment,object-size,vptr)
  endif()
endif()

if(TRUNKLINE_FUZZ)
  target_compile_options(trunkline_options INTERFACE -fsanitize=fuzzer-no-link)  # the fuzzer sees which code its bytes reach
endif()

# Precompiled headers: what the engine may know, what the borders use besides, and the same for the tests of either. Most of
# the compiler's time goes into headers.
file(WRITE ${CMAKE_BINARY_DIR}/pch.cpp "")
set(headers_of_engine <algorithm> <chrono> <cstdint> <functional> <map> <memory> <optional> <set> <string> <string_view>
    <unordered_map> <utility> <variant> <vector> <boost/json.hpp> <boost/describe.hpp>)
set(headers_of_border ${headers_of_engine} <boost/asio.hpp> <spdlog/spdlog.h>)
set(options_of_tests -O0)  # of the tests' own sources: the compiler takes twice as long to make them fast, and they are not slow
set(headers_of_tests <filesystem> <fstream> <sstream> <gmock/gmock.h> <gtest/gtest.h>)
function(trunkline_precompiled name)
  add_library(${name} OBJECT ${CMAKE_BINARY_DIR}/pch.cpp)
  target_link_libraries(${name} PUBLIC trunkline_options Boost::headers Boost::json)
  if(name MATCHES "border$")
    target_link_libraries(${name} PUBLIC spdlog::spdlog asio)
  endif()
  if(name MATCHES "test")
    target_link_libraries(${name} PUBLIC GTest::gmock)
    target_compile_options(${name} PRIVATE ${options_of_tests})
  endif()
  target_precompile_headers(${name} PRIVATE ${ARGN})
endfunction()
trunkline_precompiled(pch_engine ${headers_of_engine})
trunkline_precompiled(pch_border ${headers_of_border})
trunkline_precompiled(pch_test_engine ${headers_of_engine} ${headers_of_tests})
trunkline_precompiled(pch_test_border ${headers_of_border} ${headers_of_tests})

function(trunkline_room folder)
  cmake_parse_arguments(ROOM "BORDER" "" "DEPENDS;PRECOMPILED" ${ARGN})
  string(REPLACE "/" "_" name ${folder})
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*.cpp)
  if(ROOM_BORDER)
    set(pch pch_border)
  else()
    set(pch pch_engine)
  endif()
  if(NOT sources)
    add_library(${name} INTERFACE)
    target_link_libraries(${name} INTERFACE trunkline_options Boost::headers ${ROOM_DEPENDS})
    return()
  endif()
  add_library(${name} STATIC ${sources})
  target_link_libraries(${name} PUBLIC trunkline_options Boost::headers Boost::json ${ROOM_DEPENDS})
  if(ROOM_BORDER)
    target_link_libraries(${name} PUBLIC spdlog::spdlog asio)
  endif()
  if(ROOM_PRECOMPILED AND NOT CMAKE_UNITY_BUILD)  # one source alone would use it there
    list(TRANSFORM ROOM_PRECOMPILED PREPEND ${PROJECT_SOURCE_DIR}/)
    target_precompile_headers(${name} PRIVATE ${headers_of_engine} ${ROOM_PRECOMPILED})
  else()
    target_precompile_headers(${name} REUSE_FROM ${pch})
  endif()
endfunction()
