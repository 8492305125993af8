// Vietnamese text as it is searched, the same as handlers/kit/vietnamese.fold: "  Đặng THỊ Hoà" is "dang thi hoa".

export function fold(text) {
  const bare = text.toLowerCase().normalize('NFD').replace(/\p{Mn}/gu, '').replace(/[đðɖ]/gu, 'd');
  return bare.normalize('NFC').trim().replace(/\s+/gu, ' ');
}
