export function Logo() {
  return (
    <span class="logo">
      <svg viewBox="0 0 32 32" aria-hidden="true">
        <path d="M16 3a13 13 0 0 1 0 26H5a2 2 0 0 1-2-2V16A13 13 0 0 1 16 3" />
      </svg>
      lex-chat
    </span>
  );
}
