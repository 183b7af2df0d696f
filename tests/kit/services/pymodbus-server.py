"""A Modbus TCP device for tests: pymodbus with one unit, registers set by JSON lines on standard input.

Usage: pymodbus-server.py PORT [UNIT]. A line {"table": "input", "address": 0, "values": [1, 2]} sets registers; every line is
answered by "ok" and the number of read requests since the last one. Addresses never set answer with exception 2.
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
from pymodbus.server.async_io import ModbusTcpServer

TABLES = {"discrete": "d", "coil": "c", "input": "i", "holding": "h"}


class CountingBlock(ModbusSparseDataBlock):
    """Counts the read requests that reach the table, so that a test can see what was batched."""

    requests = 0

    def validate(self, address, count=1):
        CountingBlock.requests += 1
        return all(at in self.values for at in range(address, address + count))

    def put(self, address, values):
        for index, value in enumerate(values):
            self.values[address + index] = value


async def main(port):
    blocks = {table: CountingBlock({70000: 0}) for table in TABLES}
    unit = ModbusSlaveContext(
        di=blocks["discrete"], co=blocks["coil"], ir=blocks["input"], hr=blocks["holding"], zero_mode=True
    )
    server = ModbusTcpServer(
        ModbusServerContext(slaves={UNIT_ID: unit}, single=False), address=("127.0.0.1", port), allow_reuse_address=True
    )
    serving = asyncio.ensure_future(server.serve_forever())
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    print("ready", flush=True)
    while line := await lines.readline():
        order = json.loads(line)
        block = blocks.get(order.get("table"))
        if "values" in order:
            block.put(order["address"], order["values"])
        answer = CountingBlock.requests
        CountingBlock.requests = 0
        print(f"ok {answer}", flush=True)
    serving.cancel()


UNIT_ID = int(sys.argv[2]) if len(sys.argv) > 2 else 1
asyncio.run(main(int(sys.argv[1])))
