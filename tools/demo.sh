# shellcheck shell=bash
# The demo of ./run: a server on free ports with a database of its own, a customer over SIP and an agent over
# T-Library, both real connections. Sourced by ./run after tools/steps.sh; leaves nothing behind but var/demo.

demo=var/demo
bin=${TRUNKLINE_BIN:-build/bin}
ctl="$bin/trunkctl --config trunkline.yaml"
children=()

finish_demo() {
    local status=$?
    exec 7>&- 8>&- 2>/dev/null || true
    for child in "${children[@]}"; do kill "$child" 2>/dev/null || true; done
    wait 2>/dev/null || true
    [ -z "${demo_database:-}" ] || db/cluster psql var/pg -q -d "$(demo_dsn postgres)" \
        -c "DROP DATABASE IF EXISTS $demo_database WITH (FORCE)" >/dev/null 2>&1 || true
    exit "$status"
}

demo_dsn() { printf 'host=%s dbname=%s user=trunkline' "$(cat var/pg/socket)" "$1"; }

wait_for() {  # wait_for FILE TEXT WHAT: up to 20 s
    local tries
    for ((tries = 0; tries < 200; ++tries)); do
        grep -qF -- "$2" "$1" 2>/dev/null && return 0
        sleep 0.1
    done
    fail "the demo waited in vain for $3 (logs: $demo)"
}

say() {  # say WHO TEXT FD: what somebody types
    printf '  %-9s %s\n' "$1" "$2"
    printf '%s\n' "$2" >&"$3"
}

trap finish_demo EXIT
rm -rf "$demo"
mkdir -p "$demo"
demo_database=demo_$$
db/cluster psql var/pg -q -c "CREATE DATABASE $demo_database" || fail "the demo's database cannot be made"
export TRUNKLINE_DATABASE_DSN TRUNKLINE_SIP_LISTEN=udp:127.0.0.1:0 TRUNKLINE_TLIB_LISTEN=127.0.0.1:0
export TRUNKLINE_HTTP_LISTEN=127.0.0.1:0 TRUNKLINE_CONTROL_SOCKET=$demo/control.sock TRUNKLINE_REPORTING_SPOOL=$demo/spool
export TRUNKLINE_AUTH_TOKEN_FILE=$demo/token TRUNKLINE_REPLAY_DIR=$demo/replay
TRUNKLINE_DATABASE_DSN=$(demo_dsn "$demo_database")
$ctl migrate >"$demo/migrate.log" 2>&1 || fail "$(tail -n 1 "$demo/migrate.log")"
$ctl import examples/support_desk/site.yaml >"$demo/import.log" 2>&1 || fail "$(tail -n 1 "$demo/import.log")"
$bin/trunklined >"$demo/server.log" 2>&1 &
children+=($!)
wait_for "$demo/server.log" "is ready" "the server"

step "a customer writes, the strategy im_support routes, agent ann answers"
mkfifo "$demo/agent.in" "$demo/customer.in"
$ctl agent --login 1001 --dn 1001 <"$demo/agent.in" >"$demo/agent.out" 2>"$demo/agent.err" &
agent=$!
children+=("$agent")
exec 7>"$demo/agent.in"
for ((tries = 0; tries < 200; ++tries)); do
    $ctl agents --json 2>/dev/null | grep -q '"state":"Ready"' && break
    sleep 0.1
done
[ "$tries" -lt 200 ] || fail "the demo's agent did not become ready (logs: $demo)"
$ctl chat --from carol --to 1111 <"$demo/customer.in" >"$demo/customer.out" 2>"$demo/customer.err" &
customer=$!
children+=("$customer")
exec 8>"$demo/customer.in"
say "customer:" "Hello, I need help" 8
wait_for "$demo/customer.out" "<" "the greeting"
say "customer:" "billing" 8
for ((tries = 0; tries < 200; ++tries)); do
    $ctl interactions --json 2>/dev/null | grep -q '"state":"established"' && break
    sleep 0.1
done
[ "$tries" -lt 200 ] || fail "no agent answered (logs: $demo)"
say "agent:" "Hello, this is Ann. What can I do for you?" 7
wait_for "$demo/customer.out" "this is Ann" "the agent's text"
say "customer:" "My invoice shows two months." 8
wait_for "$demo/agent.out" "two months" "the customer's text at the agent"
say "agent:" "I have corrected it. Good-bye!" 7
wait_for "$demo/customer.out" "Good-bye" "the agent's second text"
id=$($ctl interactions --json | grep -o '"id":"[^"]*"' | head -n 1 | cut -d'"' -f4)
[ -n "$id" ] || fail "the interaction is not listed (logs: $demo)"
echo "/release" >&7
for ((tries = 0; tries < 200; ++tries)); do
    $ctl interactions --json | grep -q "$id" || break
    sleep 0.1
done

echo
echo "What the customer's SIP client showed:"
sed 's/^/  /' "$demo/customer.out"
echo
echo "Its trace (trunkctl trace $id):"
$ctl flush || fail "flush"
$ctl trace "$id" | sed 's/^/  /'
echo
echo "Its row in reporting.interaction:"
row=$(db/cluster psql var/pg -d "$TRUNKLINE_DATABASE_DSN" -x -c "SELECT id, customer, routing_point, strategy, outcome, started_at, ended_at
    FROM reporting.interaction WHERE id = '$id' AND outcome = 'handled'")
echo "$row" | sed 's/^/  /'
grep -q handled <<<"$row" || fail "the report row is missing or not 'handled' (logs: $demo)"
echo
echo "Its command log, run again through this build (trunkctl replay):"
$ctl replay "$demo/replay" 2>"$demo/replay.err" | sed 's/^/  /' || fail "the replay differs (logs: $demo)"
echo
echo "done: everything above went over real SIP, T-Library and PostgreSQL connections"
