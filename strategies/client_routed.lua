-- Somebody else decides: the interaction goes to the T-Library clients that are registered on the routing point. Nobody
-- decided in time, or nobody is registered: the routing point's default.

local patience = 10

return function(ix)
  if ix:route_by_client{timeout = patience} then return end
  ix:default_route()
end
