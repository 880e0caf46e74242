"""What a script in Python takes for the same: arguments parsed, one ioctl made on /dev/null, its errno looked at."""

import argparse
import array
import errno
import fcntl
import json
import os
import sys

VFIO_DEVICE_FEATURE = 0x3B75

parser = argparse.ArgumentParser(prog="peer")
parser.add_argument("--backend", choices=["linux", "mock"])
parser.add_argument("-o", "--output", choices=["table", "tsv", "json", "ndjson"])
commands = parser.add_subparsers(dest="command", required=True)
get = commands.add_parser("get")
get.add_argument("device")
get.add_argument("indexes", nargs="?")
arguments = parser.parse_args()

fd = os.open("/dev/null", os.O_RDWR)
try:
    fcntl.ioctl(fd, VFIO_DEVICE_FEATURE, array.array("I", [8, 0]))
except OSError as error:
    if error.errno != errno.ENOTTY:
        sys.exit(1)
    print(json.dumps({"device": arguments.device, "indexes": arguments.indexes}))
