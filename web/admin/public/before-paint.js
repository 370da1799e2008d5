// Sets light or dark and the language before the first paint, so that nothing flashes.
// A file of its own because the content security policy forbids inline scripts.
(() => {
  const read = (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  };
  const chosen = read('najimi.scheme');
  const dark =
    chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  const root = document.documentElement;
  root.dataset.mantineColorScheme = dark ? 'dark' : 'light';
  const language = read('najimi.language') || (navigator.language || '').slice(0, 2);
  root.lang = language === 'ja' ? 'ja' : 'en';
})();
