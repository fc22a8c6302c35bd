"""News and picture agencies by the names under which texts, pictures and datelines credit them."""

import re
from typing import Final

_INITIALS: Final = "aap|afp|ani|anp|ansa|ap|apa|ats|cp|dpa|efe|epa|ians|kna|ntb|pa|pti|sda|stt|tca|tns|tt|upi"
_NAMES: Final = "belga|interfax|kyodo|lusa|reuters|ritzau|tass|xinhua"
_BROADCASTERS: Final = "abc|bbc|cbs|cnn|itv|nbc|npr|pbs"

WIRES: Final = f"(?i:{_INITIALS}|{_NAMES})"
"""A pattern of the agencies that datelines name, in either case."""
INITIALS: Final = frozenset(f"{_INITIALS}|{_BROADCASTERS}".upper().split("|"))
"""Words that stay in capitals where a name in capitals is written small."""
PICTURE_CREDITS: Final = (
    r"(?:AP|AFP|PA|EPA|EPA-EFE|EFE|ANSA|dpa|DPA|APA|ANP|NTB|TT|PTI|ANI|IANS|UPI|XINHUA|Xinhua|TASS|Tass|Kyodo|Yonhap|"
    r"Reuters|REUTERS|Getty(?: Images)?|GETTY(?: IMAGES)?|Shutterstock|Rex|REX|Alamy|Bloomberg|Anadolu(?: Agency)?|"
    r"NurPhoto|Zuma(?: Press)?|ZUMA|Sipa|SIPA|Magnum|iStock|Sportsfile|INPHO|Inpho|Press Association|"
    r"PA (?:Wire|Media|Images)|AP Photo|Associated Press|Agence France-Presse|AAP|Action Images|Imago|IMAGO|"
    r"Picture Alliance|Maxar|NASA|Nasa|Handout|HANDOUT|Facebook|Instagram|Twitter|Sky News|BBC|ITV|Screengrab|Supplied|"
    r"SWNS|Avalon|WENN|Splash|Backgrid|Barcroft|Newscom|Pool|POOL|UGC|Wikimedia|Flickr|EyePress|LightRocket|"
    r"Hulton Archive|Corbis|Planet Labs|Copernicus)"
)
"""A pattern of who pictures are credited to, as credits write them: case matters, for `Rex` and `Pool` are words."""
_IN_CREDIT: Final = re.compile(
    r"Getty|Reuters|\bAFP\b|\bAP\b|\bPA\b|\bEPA\b|Images|Photo|Pictures|Shutterstock|/|ANSA|dpa", re.IGNORECASE
)


def names_agency(credit: str) -> bool:
    """Whether the text in brackets after a caption is a credit: an agency, or names with a slash."""
    return _IN_CREDIT.search(credit) is not None
