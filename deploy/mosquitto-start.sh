#!/bin/sh
# Makes the broker's list of clients at the first start, with the server as its administrator, then runs the broker.
# ROOMKEEPER_MQTT_PASSWORD: the server's password, used only here and only once.
set -eu

clients=/mosquitto/data/dynamic-security.json
if [ ! -s "$clients" ]; then
  : "${ROOMKEEPER_MQTT_PASSWORD:?must be set for the first start}"
  umask 077
  # In a file of its own first: a start that is cut off leaves no half of a list behind.
  rm -f "$clients.new"
  mosquitto_ctrl dynsec init "$clients.new" roomkeeper "$ROOMKEEPER_MQTT_PASSWORD" > /dev/null
  # The image runs the broker as the user mosquitto; this script may be root.
  if [ "$(id -u)" = 0 ]; then chown mosquitto: "$clients.new"; fi
  mv "$clients.new" "$clients"
fi
unset ROOMKEEPER_MQTT_PASSWORD
exec mosquitto -c "${1:-/mosquitto/config/mosquitto.conf}"
