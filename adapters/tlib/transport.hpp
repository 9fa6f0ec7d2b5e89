// What a client's session needs of the thing that carries its messages: a TCP connection, or a WebSocket that
// lives on another thread. Used on the engine thread only; nothing here blocks or throws.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace trunkline::tlib {

/// One message as JSON text without a line end, shared by all who get it.
using Frame = std::shared_ptr<const std::string>;
using Frames = std::vector<Frame>;

class Transport {
  public:
    virtual ~Transport() = default;
    /// Takes the messages in their order; writes them together.
    virtual void send(Frames) = 0;
    /// Bytes taken and not yet handed to the network.
    [[nodiscard]] virtual std::size_t unsent_bytes() const = 0;
    /// The session takes messages again (Session::blocked() is over).
    virtual void resume() = 0;
    /// Closes when everything that was taken has left.
    virtual void finish() = 0;
    /// Closes now; what waits is lost.
    virtual void abort() = 0;
    /// Address of the other side, for the log.
    [[nodiscard]] virtual std::string peer() const = 0;
};

}  // namespace trunkline::tlib
