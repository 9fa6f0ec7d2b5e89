// Tells the service manager that started us how we are (systemd's Type=notify): one datagram to the socket
// that NOTIFY_SOCKET names. Without it, and where nobody listens, nothing happens. Any thread.
#pragma once

#include <string_view>

namespace trunkline::apps {

/// "READY=1", "STOPPING=1", "RELOADING=1"; several lines at once are allowed.
void tell_service_manager(std::string_view state);

}  // namespace trunkline::apps
