# trunkline_room(engine/routing DEPENDS engine_agents ...): one static library a folder, named after it.
# Arrows point down only; tests/structure checks the include lines against the same order.
add_library(trunkline_options INTERFACE)
target_include_directories(trunkline_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(trunkline_options INTERFACE -Wall -Wextra -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual
                       -Wno-missing-field-initializers
                       # GCC 12 sees these inside its own std::string and std::variant once it has inlined them (bugs 105329, 105651).
                       -Wno-maybe-uninitialized -Wno-stringop-overflow -Wno-restrict "$<$<BOOL:${TRUNKLINE_WERROR}>:-Werror;-Wno-error=array-bounds;-Wno-error=stringop-overread>")
if(TRUNKLINE_SANITIZE)
  target_compile_options(trunkline_options INTERFACE -fsanitize=${TRUNKLINE_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(trunkline_options INTERFACE -fsanitize=${TRUNKLINE_SANITIZE})
endif()

# Two precompiled headers: what the engine may know, and what the borders use besides.
file(WRITE ${CMAKE_BINARY_DIR}/pch.cpp "")
add_library(pch_engine OBJECT ${CMAKE_BINARY_DIR}/pch.cpp)
target_link_libraries(pch_engine PUBLIC trunkline_options Boost::headers Boost::json)
target_precompile_headers(pch_engine PRIVATE <algorithm> <chrono> <cstdint> <functional> <map> <memory> <optional> <set>
  <string> <string_view> <unordered_map> <utility> <variant> <vector> <boost/json.hpp> <boost/describe.hpp>)
add_library(pch_border OBJECT ${CMAKE_BINARY_DIR}/pch.cpp)
target_link_libraries(pch_border PUBLIC trunkline_options Boost::headers Boost::json spdlog::spdlog)
target_compile_definitions(pch_border PUBLIC BOOST_ASIO_NO_DEPRECATED)
target_precompile_headers(pch_border PRIVATE <algorithm> <chrono> <cstdint> <functional> <map> <memory> <optional> <set>
  <string> <string_view> <unordered_map> <utility> <variant> <vector> <boost/json.hpp> <boost/describe.hpp> <boost/asio.hpp>
  <spdlog/spdlog.h>)

function(trunkline_room folder)
  cmake_parse_arguments(ROOM "BORDER" "" "DEPENDS" ${ARGN})
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
    target_link_libraries(${name} PUBLIC spdlog::spdlog Threads::Threads)
    target_compile_definitions(${name} PUBLIC BOOST_ASIO_NO_DEPRECATED)
  endif()
  target_precompile_headers(${name} REUSE_FROM ${pch})
endfunction()
