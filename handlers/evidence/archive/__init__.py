"""Evidence as files that can be checked without the program's database: an archive of all, proofs of some."""

from handlers.evidence.archive.broken import BrokenError, Trouble
from handlers.evidence.archive.checking import Checked, Trusted, check_archive
from handlers.evidence.archive.proofs import (
    CheckedGrowth,
    CheckedProof,
    ProvenEntry,
    check_proof,
    prove_growth,
    prove_study,
)
from handlers.evidence.archive.stamped import Stamps
from handlers.evidence.archive.writing import write_archive

__all__ = [
    "BrokenError",
    "Checked",
    "CheckedGrowth",
    "CheckedProof",
    "ProvenEntry",
    "Stamps",
    "Trouble",
    "Trusted",
    "check_archive",
    "check_proof",
    "prove_growth",
    "prove_study",
    "write_archive",
]
