"""A program that a test talks to: each line of standard input is an expression, whose value (or
error) is written as a line of JSON. Ends with its standard input."""
import json
import sys
import traceback


def say(**answer):
    sys.stdout.write(json.dumps(answer, default=str) + "\n")
    sys.stdout.flush()


def answer_lines(scope, ready=None):
    say(value=ready)
    for line in sys.stdin:
        try:
            say(value=eval(line, scope))
        except Exception:
            say(error=traceback.format_exc())
