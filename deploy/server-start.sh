#!/bin/sh
# Runs the server. When the compose file names an agent, its credential is handed over in a file, as the server takes it
# (ROOMKEEPER_AGENT_CREDENTIALS: lines of "site node password").
set -eu

if [ -n "${ROOMKEEPER_AGENT_MQTT_PASSWORD:-}" ]; then
  umask 077
  printf '%s %s %s\n' "$ROOMKEEPER_AGENT_SITE" "$ROOMKEEPER_AGENT_NODE" "$ROOMKEEPER_AGENT_MQTT_PASSWORD" > /tmp/agent-credentials
  export ROOMKEEPER_AGENT_CREDENTIALS=/tmp/agent-credentials
  unset ROOMKEEPER_AGENT_MQTT_PASSWORD
fi
exec node --max-semi-space-size=8 server/src/cli.ts server
