// Carries out the queries of scripts: for each database a bounded queue and a few threads with a connection
// each, so that one slow database costs the others nothing. post() may be called from any thread and never
// blocks; every query is answered once, from a thread of this room. Trunkline's own database is reached as
// the role trunkline_script, a named one with the rights of its dsn. The destructor leaves running queries.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "engine/messages/commands.hpp"

namespace trunkline::db {

struct ScriptDatabasesSettings {
    std::string own_dsn;
    std::map<std::string, std::string> named;  // scripts.databases
    int connections = 4;                       // a database: database.pool
    std::size_t most_waiting = 256;            // a database; beyond: "busy"
};

class ScriptDatabases {
  public:
    using Answer = std::function<void(messages::Command)>;

    /// Connects when the first query comes. Throws std::runtime_error where a dsn cannot be read.
    ScriptDatabases(const ScriptDatabasesSettings&, Answer);
    ~ScriptDatabases();
    ScriptDatabases(const ScriptDatabases&) = delete;
    ScriptDatabases& operator=(const ScriptDatabases&) = delete;

    void post(messages::RunQuery);

  private:
    class Lane;
    Answer answer_;
    std::map<std::string, std::unique_ptr<Lane>> lanes_;
};

}  // namespace trunkline::db
