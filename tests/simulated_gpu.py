"""A graphics card that computes on the processor: what is on it must be copied, and copies and memory are counted.

Its tensors hold ordinary ones and report another device. As on a card, an operation on tensors of both raises
``RuntimeError``, numpy reads none of them, memory ends, and Apple's kind has no double precision.
"""

from __future__ import annotations

from collections import defaultdict
from contextlib import contextmanager
from functools import wraps
from typing import Any, Iterator

import torch
from torch.overrides import TorchFunctionMode

_aten = torch.ops.aten
_INDEX = {_aten.index.Tensor, _aten.index_put_.default, _aten._index_put_impl_.default}
#: Take tensors of both devices; give a value to the processor; wait for the size of their result.
_MAY_MIX = {_aten.copy_.default, *_INDEX}
_TO_HOST = {_aten._local_scalar_dense.default, _aten.item.default, _aten.is_nonzero.default, _aten.equal.default}
_WAIT = {_aten.nonzero.default, _aten.masked_select.default}
_MAKERS_FROM_HOST = {torch.tensor, torch.as_tensor, torch.asarray}


class SimulatedGpu:
    """A card of a kind, of which there is one at a time.

    Args:
        kind: cuda or mps; capacity: of its memory [bytes].

    Attributes:
        copies: bytes of each ``to_device``, ``queued`` there without waiting, and ``to_host``, with single values;
            ``waits`` for the size of a selection hold 0.
        used, most_used: memory now, and at most since its cache was emptied, which torch keeps [bytes].
    """

    def __init__(self, kind: str, capacity: float = 1e12) -> None:
        self.kind, self.capacity = kind, capacity
        self.device = torch.device(kind, 0)
        self.copies: dict[str, list[int]] = defaultdict(list)
        self.used = self.most_used = 0
        self._blocks: dict[int, list[int]] = {}

    def take(self, values: torch.Tensor) -> _Block:
        """Memory of a tensor, which others may share; raises an error where it ends."""
        if self.kind == "mps" and values.dtype in (torch.float64, torch.complex128):
            raise TypeError(
                "Cannot convert a MPS Tensor to float64 dtype as the MPS framework doesn't support float64."
            )
        block = _Block(self, values.untyped_storage())
        self.most_used = max(self.most_used, self.used)
        if self.used > self.capacity:
            raise (torch.cuda.OutOfMemoryError if self.kind == "cuda" else RuntimeError)("GPU out of memory")
        return block

    @contextmanager
    def installed(self, monkeypatch: Any, *, bf16: bool = False) -> Iterator[SimulatedGpu]:
        """Let torch find it; bf16: whether it computes fast in half precision."""
        cuda, autocast = self.kind == "cuda", torch.autocast
        for name, found in {
            "is_available": cuda, "device_count": int(cuda), "get_device_name": "Simulated",
            "get_device_capability": (8 if bf16 else 7, 5),
        }.items():  # fmt: skip
            monkeypatch.setattr(torch.cuda, name, lambda *_, found=found: found)
        for name, size in {
            "mem_get_info": lambda: (int(self.capacity - self.most_used), int(self.capacity)),
            "memory_reserved": lambda: self.most_used, "memory_allocated": lambda: self.used,
        }.items():  # fmt: skip
            monkeypatch.setattr(torch.cuda, name, lambda *_, size=size: size())
        for module in (torch.cuda, torch.mps):
            monkeypatch.setattr(module, "empty_cache", lambda: setattr(self, "most_used", self.used))
            monkeypatch.setattr(module, "get_rng_state", lambda *_: torch.get_rng_state())
            monkeypatch.setattr(module, "set_rng_state", lambda state, *_: torch.set_rng_state(state))
        wrapped = wraps(torch.backends.mps.is_available)(lambda: not cuda)  # torch reads what it wraps
        monkeypatch.setattr(torch.backends.mps, "is_available", wrapped)
        monkeypatch.setattr(torch, "autocast", lambda kind, *more: autocast("cpu", *more))
        monkeypatch.setattr(torch.__future__, "get_overwrite_module_params_on_conversion", lambda: True)
        monkeypatch.setattr(GpuTensor, "gpu", self)
        with _Devices():
            yield self


class _Block:
    """Memory that tensors share; given back with the last one."""

    def __init__(self, gpu: SimulatedGpu, storage: torch.UntypedStorage) -> None:
        self._gpu, self._place, size = gpu, storage.data_ptr(), storage.nbytes()
        known = gpu._blocks.setdefault(self._place, [0, size])
        gpu.used += 0 if known[0] else size
        known[0] += 1

    def __del__(self) -> None:
        known = self._gpu._blocks[self._place]
        known[0] -= 1
        if not known[0]:
            self._gpu.used -= self._gpu._blocks.pop(self._place)[1]

    def __deepcopy__(self, memo: dict) -> None:
        """Of a copy, which has its own."""


class GpuTensor(torch.Tensor):
    """A tensor on the card; ``inner``: its values on the processor."""

    gpu: SimulatedGpu = None  # type: ignore[assignment] - set where a card is installed

    @staticmethod
    def __new__(cls, inner: torch.Tensor) -> GpuTensor:
        """Put values on the card."""
        made = torch.Tensor._make_wrapper_subclass(cls, inner.size(), strides=inner.stride(), dtype=inner.dtype)
        made.inner, made.block = inner, cls.gpu.take(inner)
        return made

    device = property(lambda self: self.gpu.device)
    is_cuda = property(lambda self: self.gpu.kind == "cuda")
    is_cpu = property(lambda self: False)

    @classmethod
    def __torch_function__(cls, func: Any, types: Any, args: tuple = (), kwargs: dict | None = None) -> Any:
        """Functions of tensors."""
        with torch._C.DisableTorchFunctionSubclass():
            return _function(func, args, kwargs or {})

    @classmethod
    def __torch_dispatch__(cls, func: Any, types: Any, args: tuple = (), kwargs: dict | None = None) -> Any:
        """Operations: on the values, where all are on the card."""
        gpu, known, others = cls.gpu, {}, []
        values = _values(args, known, others)
        named = {key: _values(x, known, others) for key, x in (kwargs or {}).items()}
        if others and func not in _MAY_MIX:
            raise RuntimeError(f"Expected all tensors to be on the same device, found {gpu.device} and cpu ({func})")
        if func in _TO_HOST or (func is _aten.copy_.default and args[0] is values[0]):
            gpu.copies["to_host"].append(values[-1].nbytes)
            return args[0].copy_(values[1]) if func is _aten.copy_.default else func(*values)
        if others:
            gpu.copies["to_device"].append(sum(x.nbytes for x in others))
        if func in _WAIT or (func in _INDEX and any(x is not None and x.dtype == torch.bool for x in values[1])):
            gpu.copies["waits"].append(0)
        return _on_gpu(func(*values, **named), known)


def _values(x: Any, known: dict[int, GpuTensor], others: list[torch.Tensor]) -> Any:
    """Arguments on the processor; ``known`` gets the tensors of the card, ``others`` the ordinary ones."""
    if isinstance(x, GpuTensor):
        known[id(x.inner)] = x
        return x.inner
    if isinstance(x, torch.Tensor) and x.dim():
        others.append(x)
    return [_values(one, known, others) for one in x] if isinstance(x, (list, tuple)) else x


def _on_gpu(x: Any, known: dict[int, GpuTensor]) -> Any:
    """Results on the card; those of operations in place are the arguments."""
    if isinstance(x, torch.Tensor):
        return known[id(x)] if id(x) in known else GpuTensor(x)
    return type(x)(_on_gpu(one, known) for one in x) if isinstance(x, (list, tuple)) else x


class _Copy(torch.autograd.Function):
    """Copy a tensor to the other device; its gradient goes back."""

    @staticmethod
    def forward(ctx: Any, x: torch.Tensor, queued: bool) -> torch.Tensor:
        on_gpu = isinstance(x, GpuTensor)
        GpuTensor.gpu.copies["to_host" if on_gpu else "queued" if queued else "to_device"].append(x.nbytes)
        return x.inner.clone() if on_gpu else GpuTensor(x.clone())

    @staticmethod
    def backward(ctx: Any, gradient: torch.Tensor) -> tuple[torch.Tensor, None]:
        return _Copy.apply(gradient, False), None


class _Devices(TorchFunctionMode):
    """Lets functions of ordinary tensors, and those that make tensors, know the card."""

    def __torch_function__(self, func: Any, types: Any, args: tuple = (), kwargs: dict | None = None) -> Any:
        return _function(func, args, kwargs or {})


def _function(func: Any, args: tuple, kwargs: dict) -> Any:
    """A function of torch, where devices count."""
    gpu = GpuTensor.gpu
    if func in (torch.Tensor.to, torch.Tensor.cpu):
        x, copy = args[0], kwargs.pop("copy", False)
        where = args[1:] if func is torch.Tensor.to else ("cpu",)
        to, dtype, queued, layout = torch._C._nn._parse_to(*where, **kwargs)
        if dtype is not None or layout is not None:
            x = torch.Tensor.to(x, dtype=dtype, **({} if layout is None else {"memory_format": layout}))
        if to is not None and to.type != x.device.type:
            return _Copy.apply(x, queued)
        return x.clone() if copy and x is args[0] else x
    if func in (torch.Tensor.numpy, torch.Tensor.__array__) and isinstance(args[0], GpuTensor):
        raise TypeError(f"can't convert {gpu.device} device type tensor to numpy. Use Tensor.cpu() first.")
    if func is torch.Tensor.tolist and isinstance(args[0], GpuTensor):
        gpu.copies["to_host"].append(args[0].nbytes)
        return args[0].inner.tolist()
    if kwargs.get("device") is not None and torch.device(kwargs["device"]).type == gpu.kind:
        made = func(*args, **{**kwargs, "device": None if func in _MAKERS_FROM_HOST else "cpu"})
        return _Copy.apply(made, False) if func in _MAKERS_FROM_HOST else GpuTensor(made)
    return func(*args, **kwargs)
