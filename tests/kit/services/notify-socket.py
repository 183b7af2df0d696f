"""systemd's side of NOTIFY_SOCKET: prints each message it gets as one line, and closes the descriptors of `systemd-notify`'s barrier."""
import array
import os
import socket
import sys

listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
listener.bind(sys.argv[1])
print("ready", flush=True)
while True:
    message, ancillary, _flags, _address = listener.recvmsg(4096, socket.CMSG_SPACE(64))
    for _level, _kind, data in ancillary:
        descriptors = array.array("i")
        descriptors.frombytes(data[: len(data) - len(data) % descriptors.itemsize])
        for descriptor in descriptors:
            os.close(descriptor)
    print(message.decode().replace("\n", " ").strip(), flush=True)
