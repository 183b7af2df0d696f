"""Modbus devices for tests: pymodbus with one or more units, registers set by JSON lines on standard input.

Usage: pymodbus-server.py tcp|rtu-over-tcp|rtu PORT_OR_PATH UNIT[,UNIT…]. A line {"unit": 1, "table": "input", "address": 0, "values": [1, 2]}
sets registers; {"unit": 1, "table": "coil", "get": 0} reads one as it stands; every line is answered by "ok", the number of read requests
since the last one, and what was asked for. Addresses never set answer with exception 2, units that are not there with silence.
"""
import asyncio
import importlib.util
import json
import sys
import types

# pymodbus.server imports these for its serial servers only; Debian's package does not depend on them.
for name in ("serial", "serial_asyncio"):
    if importlib.util.find_spec(name) is None:
        sys.modules[name] = types.ModuleType(name)
        sys.modules[name].create_serial_connection = None

from pymodbus.datastore import ModbusServerContext, ModbusSlaveContext, ModbusSparseDataBlock
from pymodbus.device import ModbusDeviceIdentification
from pymodbus.server.async_io import ModbusSerialServer, ModbusTcpServer
from pymodbus.transaction import ModbusRtuFramer, ModbusSocketFramer

TABLES = {"discrete": "di", "coil": "co", "input": "ir", "holding": "hr"}
IDENTITY = ModbusDeviceIdentification(info={0: "Contoso", 1: "TH-1", 2: "2.0"})


class CountingBlock(ModbusSparseDataBlock):
    """Counts the read requests that reach the table, so that a test can see what was batched."""

    requests = 0

    def validate(self, address, count=1):
        CountingBlock.requests += 1
        return all(at in self.values for at in range(address, address + count))

    def put(self, address, values):
        for index, value in enumerate(values):
            self.values[address + index] = value


def make_server(mode, where, context):
    common = {"identity": IDENTITY, "ignore_missing_slaves": True}
    if mode == "rtu":
        return ModbusSerialServer(context, framer=ModbusRtuFramer, port=where, baudrate=9600, timeout=1, **common)
    framer = ModbusSocketFramer if mode == "tcp" else ModbusRtuFramer
    return ModbusTcpServer(context, framer=framer, address=("127.0.0.1", int(where)), allow_reuse_address=True, **common)


async def main(mode, where, units):
    blocks = {unit: {table: CountingBlock({70000: 0}) for table in TABLES} for unit in units}
    slaves = {
        unit: ModbusSlaveContext(zero_mode=True, **{TABLES[table]: block for table, block in tables.items()})
        for unit, tables in blocks.items()
    }
    server = make_server(mode, where, ModbusServerContext(slaves=slaves, single=False))
    if mode == "rtu":
        await server.start()
        if server.transport is None:
            raise SystemExit(f"the serial line {where} cannot be opened")
    serving = asyncio.ensure_future(server.serve_forever())
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    print("ready", flush=True)
    while line := await lines.readline():
        order = json.loads(line)
        block = blocks.get(order.get("unit"), {}).get(order.get("table"))
        if "values" in order:
            block.put(order["address"], order["values"])
        found = json.dumps(int(block.values[order["get"]])) if "get" in order else ""
        answer = CountingBlock.requests
        CountingBlock.requests = 0
        print(f"ok {answer} {found}".strip(), flush=True)
    serving.cancel()


asyncio.run(main(sys.argv[1], sys.argv[2], [int(unit) for unit in sys.argv[3].split(",")]))
