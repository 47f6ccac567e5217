"""The simulated provider: extracts of every contract table, made from hazards that are known."""

from analysis.extracts.demo.parameters import Parameters
from analysis.extracts.demo.write import write_demo

__all__ = ["Parameters", "write_demo"]
