"""Has aiohttp read the proxy variables, which it does not by itself; then runs the sitecustomize that
this one hides."""

import importlib.abc
import importlib.machinery
import importlib.util
import os
import sys


class _Aiohttp(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name != "aiohttp.client":
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        if spec is None or spec.loader is None:
            return spec
        run = spec.loader.exec_module

        def exec_module(module):
            run(module)
            begin = module.ClientSession.__init__

            def __init__(self, *args, **kwargs):
                kwargs.setdefault("trust_env", True)
                begin(self, *args, **kwargs)

            module.ClientSession.__init__ = __init__

        spec.loader.exec_module = exec_module
        return spec


sys.meta_path.insert(0, _Aiohttp())

# Of a run within a run there are two of these, and each would run the other for ever.
_ours = sys.__dict__.setdefault("_ringback_folders", set())
_ours.add(os.path.dirname(os.path.abspath(__file__)))
_others = [it for it in sys.path if os.path.abspath(it or ".") not in _ours]
_hidden = importlib.machinery.PathFinder.find_spec("sitecustomize", _others)
if _hidden is not None and _hidden.loader is not None:
    _module = importlib.util.module_from_spec(_hidden)
    sys.modules["sitecustomize"] = _module
    _hidden.loader.exec_module(_module)
