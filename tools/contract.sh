#!/usr/bin/env bash
# Tries the API against its own description with schemathesis: starts an empty Najimi on a free port, fills it a
# little, and sends what the description allows and what it does not. Fails when an answer is 5xx.
#   tools/contract.sh [path of najimi] [more options of `st run`]
# Needs schemathesis (`pip install schemathesis`, or SCHEMATHESIS=/path/to/st).
set -euo pipefail
cd "$(dirname "$0")/.."
najimi=${1:-target/debug/najimi}
shift || true
st=${SCHEMATHESIS:-st}
folder=$(mktemp -d)
NAJIMI_DATA=$folder NAJIMI_LISTEN=127.0.0.1:0 "$najimi" serve >"$folder/out.txt" 2>"$folder/log.txt" &
server=$!
trap 'kill $server 2>/dev/null; wait $server 2>/dev/null; rm -rf "$folder"' EXIT
for _ in $(seq 300); do grep -q token= "$folder/out.txt" && break; sleep 0.1; done
address=$(grep -o 'http://[^/ ]*' "$folder/out.txt" | head -1)
token=$(grep -o 'token=.*' "$folder/out.txt" | cut -d= -f2)
ours=(-H 'Sec-Fetch-Site: same-origin' -H 'Content-Type: application/json')

curl -sf "${ours[@]}" -c "$folder/cookies" "$address/api/setup" -o /dev/null -d "{\"token\":\"$token\",\"company\":\"みなと雑貨店\",
  \"zone\":\"Asia/Tokyo\",\"currency\":\"JPY\",\"public_url\":\"http://localhost:8420\",\"operator_name\":\"店長\",
  \"email\":\"owner@example.com\",\"password\":\"nine lives of a cat\"}"
for _ in $(seq 300); do curl -sf "$address/readyz" -o /dev/null && break; sleep 0.1; done
session=$(awk '/najimi/ { print $6 "=" $7 }' "$folder/cookies")
key=$(curl -sf "${ours[@]}" -b "$session" "$address/api/keys" -d '{"name":"contract","scopes":["events.write"]}' |
  python3 -c 'import json, sys; print(json.load(sys.stdin)["secret"])')
for person in 1 2 3 4 5; do
  curl -sf -u "$key:" -H 'Content-Type: application/json' "$address/v1/batch" -o /dev/null -d "{\"batch\":[
    {\"type\":\"identify\",\"userId\":\"C-$person\",\"traits\":{\"name\":\"佐藤 $person\",\"email\":\"c$person@example.com\"}},
    {\"type\":\"track\",\"userId\":\"C-$person\",\"event\":\"Order Completed\",\"properties\":{\"order_id\":\"A-$person\",
     \"currency\":\"JPY\",\"products\":[{\"sku\":\"1\",\"name\":\"Mug\",\"price\":900,\"quantity\":1}]}}]}"
done

check() { cd "$folder" && "$st" run "$address/api/openapi.json" --checks not_a_server_error --max-examples "${EXAMPLES:-60}" --continue-on-failure "${@}"; }
# What would end the session or lock the door is tried in the stories of `access`.
check -H "Cookie: $session" -H 'Sec-Fetch-Site: same-origin' --include-path-regex '^/api/' \
  --exclude-operation-id sign_out --exclude-operation-id change_password --exclude-operation-id sign_in \
  --exclude-operation-id sign_in_by_link --exclude-operation-id set_up --exclude-path-regex '^/api/demo' "$@"
check -H "Authorization: Bearer $key" --include-path-regex '^/v1/' "$@"
check --include-path-regex '^/(healthz|readyz|metrics|o|c|u)' "$@"
if grep -E '"?(ERROR|panicked)' "$folder/log.txt"; then echo "the log tells of errors" >&2; exit 1; fi
curl -sf "$address/readyz"
