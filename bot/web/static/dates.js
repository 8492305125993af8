// Times as the branch's clock shows them, wherever the phone is: they must agree with the times in the bot's sentences.

/** Formats for ISO times in `timezone`; `words` names the two days that have names. */
export function createDates(timezone, words) {
  const hour = new Intl.DateTimeFormat('vi-VN', {
    timeZone: timezone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23',
  });
  const number = new Intl.DateTimeFormat('en-CA', {
    timeZone: timezone, year: 'numeric', month: '2-digit', day: '2-digit',
  });
  const long = new Intl.DateTimeFormat('vi-VN', {
    timeZone: timezone, weekday: 'long', day: '2-digit', month: '2-digit', year: 'numeric',
  });
  const day = (at) => number.format(new Date(at));

  return {
    /** 'HH:MM'. */
    clock: (at) => hour.format(new Date(at)),
    /** 'YYYY-MM-DD', to compare days. */
    day,
    /** A day's name as people say it. */
    dayName(at) {
      const today = Date.now();
      if (day(at) === day(today)) return words.today;
      // Vietnam has no summer time; where a zone has, only the word for one day a year is off.
      if (day(at) === day(today - 86_400_000)) return words.yesterday;
      return long.format(new Date(at));
    },
  };
}

/** A file's size in a unit that a person reads. */
export function sizeName(bytes) {
  const [unit, amount] = bytes < 1_000_000 ? ['kilobyte', bytes / 1_000] : ['megabyte', bytes / 1_000_000];
  const format = { style: 'unit', unit, maximumFractionDigits: amount < 10 ? 1 : 0 };
  return new Intl.NumberFormat('vi-VN', format).format(Math.max(amount, 0.1));
}
