"""Training on several processes: differentiable sums, and batch statistics over all processes.

With one process everything here is the identity, so that the training code is one and the same.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import Any, Iterator

import torch
import torch.distributed as dist
from torch import nn


def rank_and_world() -> tuple[int, int]:
    """This process's number and how many there are; (0, 1) outside a process group."""
    if dist.is_available() and dist.is_initialized():
        return dist.get_rank(), dist.get_world_size()
    return 0, 1


@contextmanager
def process_group(device: str = "cpu") -> Iterator[None]:
    """Join the processes that ``torchrun`` started, for the time of a training; nothing without ``torchrun``.

    Args:
        device: of the run; on cuda the processes talk by nccl, each on its own GPU, by gloo else.
    """
    if int(os.environ.get("WORLD_SIZE", "1")) <= 1 or dist.is_initialized():
        yield
        return
    on_gpu = torch.device(device).type == "cuda"
    if on_gpu:
        torch.cuda.set_device(int(os.environ["LOCAL_RANK"]))
    dist.init_process_group("nccl" if on_gpu else "gloo")
    try:
        yield
    finally:
        dist.destroy_process_group()


class _SumOverProcesses(torch.autograd.Function):
    """Sum of a tensor over the processes; the gradient is summed likewise."""

    @staticmethod
    def forward(ctx: Any, tensor: torch.Tensor) -> torch.Tensor:
        total = tensor.detach().clone()
        dist.all_reduce(total)
        return total

    @staticmethod
    def backward(ctx: Any, gradient: torch.Tensor) -> torch.Tensor:
        total = gradient.clone()
        dist.all_reduce(total)
        return total


def sum_over_processes(tensor: torch.Tensor) -> torch.Tensor:
    """Sum over all processes, differentiable: a loss made of such sums is the loss of the whole batch.

    Gradients of parameters are then to be averaged over the processes, as DistributedDataParallel does.
    """
    return tensor if rank_and_world()[1] == 1 else _SumOverProcesses.apply(tensor)


def mean_over_processes(parts: dict[str, float]) -> dict[str, float]:
    """Mean of each number over the processes, leaving out those that do not know it (NaN)."""
    if rank_and_world()[1] == 1:
        return parts
    values = torch.tensor(list(parts.values()), dtype=torch.float64)
    known = torch.isfinite(values)
    sums = torch.stack([torch.where(known, values, 0.0), known.double()])
    if dist.get_backend() == "nccl":
        sums = sums.cuda()
    dist.all_reduce(sums)
    means = (sums[0] / sums[1]).tolist()
    return dict(zip(parts, means))


class SharedBatchNorm(nn.BatchNorm2d):
    """Batch normalisation by the statistics of all processes' parts of the batch, on any device."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Normalise (n, channels, rows, cols)."""
        if not self.training or rank_and_world()[1] == 1:
            return super().forward(x)
        values = x.float()
        count = torch.full((1,), float(x.numel() // x.shape[1]), device=x.device)
        sums = sum_over_processes(torch.cat([values.sum((0, 2, 3)), count]))
        mean = sums[:-1] / sums[-1]
        centred = values - mean[:, None, None]
        variance = sum_over_processes(centred.square().sum((0, 2, 3))) / sums[-1]
        with torch.no_grad():
            unbiased = variance * (sums[-1] / (sums[-1] - 1.0))
            self.running_mean.lerp_(mean, self.momentum)
            self.running_var.lerp_(unbiased, self.momentum)
            self.num_batches_tracked += 1
        scale = self.weight * torch.rsqrt(variance + self.eps)
        return (centred * scale[:, None, None] + self.bias[:, None, None]).to(x.dtype)


def share_batch_norm(network: nn.Module) -> nn.Module:
    """Make batch normalisation use the batch parts of all processes; weights are unchanged."""
    for module in network.modules():
        if type(module) is nn.BatchNorm2d:
            module.__class__ = SharedBatchNorm
    return network
