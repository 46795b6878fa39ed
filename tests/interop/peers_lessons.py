"""The Python beside the cells of a lesson, run in order in one namespace, as a reader would type it into a notebook."""

import ast
import contextlib
import io
import numbers
import os
import traceback


def lessons(request):
    os.chdir(request["folder"])
    names = {"__name__": "__main__"}
    return {"steps": [step(code, names) for code in request["steps"]]}


def step(code, names):
    """What a step gives: its last value where there is one, else what it prints, where that is a value."""
    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed):
            value = last_value(code, names)
    except Exception:
        return {"error": traceback.format_exc(limit=-2)}
    if value is None:
        with contextlib.suppress(ValueError, SyntaxError):
            value = ast.literal_eval(printed.getvalue().strip())
    return {"printed": printed.getvalue(), **facts(value)}


def last_value(code, names):
    body = ast.parse(code).body
    last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
    exec(compile(ast.Module(body, []), "<step>", "exec"), names)
    if last is None:
        return None
    return eval(compile(ast.Expression(last.value), "<step>", "eval"), names)


def facts(value):
    """What can be compared with a cell in another language: numbers, texts, lists of them, shapes, keys."""
    if hasattr(value, "shape") and len(value.shape) > 0:
        return {"shape": [int(length) for length in value.shape]}
    if hasattr(value, "keys"):
        return {"keys": sorted(str(key) for key in value.keys())}
    plain = simple(value)
    return {} if plain is None else {"value": plain}


def simple(value):
    if isinstance(value, bool | str):
        return value
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, numbers.Integral):
        return int(value)
    if isinstance(value, numbers.Real):
        return float(value)
    if isinstance(value, list | tuple):
        items = [simple(item) for item in value]
        return None if any(item is None for item in items) else items
    return None
