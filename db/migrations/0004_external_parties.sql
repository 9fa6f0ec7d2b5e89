-- Parties outside: an external number or SIP URI that a strategy, a client or default routing went to.

COMMENT ON COLUMN reporting.party.role IS
    'customer, agent, supervisor, routing_point, queue, remote_site, or external: a number or SIP URI outside';
