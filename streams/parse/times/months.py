"""Names of months and weekdays in the languages newsrooms write, in full and shortened."""

# ruff: noqa: E501  (tables: a line each month and day; other alphabets)
from typing import Final

_MONTHS: Final = """
january jan janvier janv enero ene januar gennaio gen janeiro januari stycznia styczeń sty ocak ocak января янв січня ianuarie يناير
february feb février févr fév febrero februar februar febbraio fevereiro fev februari luty lutego lut şubat şub февраля фев лютого februarie فبراير
march mar mars marzo märz mär mrz marzo março maart mrt mars marzec marca mart марта мар березня martie maret مارس
april apr avril avr abril abr april aprile abril april kwiecień kwietnia kwi nisan апреля апр квітня aprilie أبريل
may mai mayo may mai maggio mag maio mei maj maja mayıs мая май травня مايو
june jun juin junio jun juni giugno giu junho juni czerwiec czerwca cze haziran haz июня июн червня iunie يونيو
july jul juillet juil julio jul juli luglio lug julho juli lipiec lipca lip temmuz tem июля июл липня iulie يوليو
august aug août aoû aout agosto ago augustus august sierpień sierpnia sie ağustos ağu августа авг серпня agustus augusti أغسطس
september sep sept septembre septiembre settembre set setembro wrzesień wrzesień września wrz eylül eyl сентября сен вересня septembrie سبتمبر
october oct octobre octubre oktober okt ottobre ott outubro out październik października paź ekim октября окт жовтня octombrie أكتوبر
november nov novembre noviembre november novembro listopad listopada lis kasım kas ноября ноя листопада noiembrie نوفمبر
december dec décembre déc diciembre dic dezember dez dicembre dezembro grudzień grudnia gru aralık ara desember des декабря дек грудня decembrie ديسمبر
"""
_WEEKDAYS: Final = """
monday mon lundi lun lunes montag lunedì segunda segunda-feira maandag poniedziałek pazartesi понедельник mandag måndag senin
tuesday tue tues mardi mar martes dienstag martedì terça terça-feira dinsdag wtorek salı вторник tirsdag tisdag selasa
wednesday wed mercredi mer miércoles mié mittwoch mercoledì quarta quarta-feira woensdag środa çarşamba среда onsdag rabu
thursday thu thur thurs jeudi jeu jueves jue donnerstag giovedì quinta quinta-feira donderdag czwartek perşembe четверг torsdag kamis
friday fri vendredi ven viernes vie freitag venerdì sexta sexta-feira vrijdag piątek cuma пятница fredag jumat
saturday sat samedi sam sábado sáb samstag sonnabend sabato zaterdag sobota cumartesi суббота lørdag lördag sabtu
sunday sun dimanche dim domingo dom sonntag domenica zondag niedziela pazar воскресенье søndag söndag minggu
"""

MONTHS: Final = {name: number for number, names in enumerate(_MONTHS.strip().split("\n"), 1) for name in names.split()}
WEEKDAYS: Final = {name: number for number, names in enumerate(_WEEKDAYS.strip().split("\n")) for name in names.split()}
"""Monday is 0, as in `date.weekday`."""

_SHORTENED_CHARS: Final = 3


def _shortened() -> dict[str, int]:
    """Return the months by the first letters of their names, as far as these begin the names of one month alone."""
    beginnings: dict[str, set[int]] = {}
    for name, number in MONTHS.items():
        beginnings.setdefault(name[:_SHORTENED_CHARS], set()).add(number)
    return {beginning: numbers.pop() for beginning, numbers in beginnings.items() if len(numbers) == 1}


_SHORTENED: Final = _shortened()


def month_of(name: str) -> int | None:
    """Return the month, 1 to 12, that a name or its first three letters mean."""
    name = name.lower()
    return MONTHS.get(name) or MONTHS.get(name[:_SHORTENED_CHARS]) or _SHORTENED.get(name[:_SHORTENED_CHARS])
