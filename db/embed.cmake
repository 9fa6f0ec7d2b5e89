# cmake -DOUTPUT=x.cpp -DNAMESPACE=trunkline::db -DSYMBOL=migration_files "-DFILES=a.sql|b.sql" -P embed.cmake
# Writes the files' text into a C++ source as a list of (name, text), so that a program needs no source tree.
string(REPLACE "|" ";" FILES "${FILES}")
set(out "// Made by db/embed.cmake.\n#include <string_view>\n#include <utility>\n#include <vector>\n\nnamespace ${NAMESPACE} {\n\n")
string(APPEND out "std::vector<std::pair<std::string_view, std::string_view>> ${SYMBOL}() {\n    return {\n")
foreach(file IN LISTS FILES)
  file(READ ${file} text)
  get_filename_component(name ${file} NAME_WE)
  string(APPEND out "        {\"${name}\", R\"=embed=(${text})=embed=\"},\n")
endforeach()
string(APPEND out "    };\n}\n\n}  // namespace ${NAMESPACE}\n")
file(WRITE ${OUTPUT} "${out}")
