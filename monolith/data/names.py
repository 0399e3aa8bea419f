"""Names for people who do not exist."""

FIRST = (
    *("Ada", "Amir", "Anna", "Arun", "Bela", "Carla", "Chen", "Clara", "Dana", "David", "Elif"),
    *("Emil", "Esra", "Eva", "Farid", "Femi", "Greta", "Hana", "Hugo", "Ida", "Ines", "Ivan"),
    *("Jana", "Jonas", "Kofi", "Lena", "Leo", "Lina", "Luca", "Mara", "Marta", "Mei", "Milan"),
    *("Mina", "Nadia", "Noor", "Olga", "Oscar", "Pia", "Priya", "Rosa", "Sami", "Sara", "Tariq"),
    *("Tove", "Vera", "Yara"),
)
LAST = (
    *("Abbas", "Adeyemi", "Ahmed", "Andersen", "Bauer", "Becker", "Bianchi", "Brown", "Castro"),
    *("Clarke", "Cohen", "Costa", "Dahl", "Davies", "Diaz", "Dubois", "Eriksen", "Evans", "Farah"),
    *("Ferrari", "Fischer", "Garcia", "Gomez", "Green", "Haddad", "Hansen", "Hughes", "Ito"),
    *("Jensen", "Kaya", "Khan", "Kim", "Klein", "Kovacs", "Kumar", "Laine", "Larsen", "Lopez"),
    *("Martin", "Meyer", "Moreau", "Nagy", "Novak", "Okafor", "Olsen", "Patel", "Petrov", "Rossi"),
    *("Sato", "Schmidt", "Silva", "Singh", "Smith", "Tanaka", "Thomas", "Walker", "Weber"),
)


def full_name(number: int) -> tuple[str, str]:
    """Return first and last name of person `number`; neighbours differ in both."""
    return FIRST[number % len(FIRST)], LAST[number % len(LAST)]
