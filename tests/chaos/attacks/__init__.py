"""What strangers do to a gateway; each returns a count of what became of its connections."""

from chaos.attacks.attempts import attempts
from chaos.attacks.endless_heads import endless_heads
from chaos.attacks.huge_frames import huge_frames
from chaos.attacks.slowloris import slowloris

ATTACKS = {attack.__name__: attack for attack in (attempts, endless_heads, huge_frames, slowloris)}
