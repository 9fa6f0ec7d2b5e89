-- Kamailio's request route: every MESSAGE goes to the next hop. NEXT is filled in by run_pairs.
function ksr_request_route()
  if KSR.pv.get("$rm") ~= "MESSAGE" then
    KSR.sl.sl_send_reply(405, "Method Not Allowed")
    return
  end
  KSR.pv.sets("$du", "sip:NEXT")
  if KSR.tm.t_relay() < 0 then KSR.sl.sl_reply_error() end
end
