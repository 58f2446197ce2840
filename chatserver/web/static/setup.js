// The printed link carries the secret behind a #, which browsers never send to a server.
const field = document.getElementById("secret");
if (field && location.hash.length > 1) {
  field.value = decodeURIComponent(location.hash.slice(1));
  history.replaceState(null, "", location.pathname + location.search);
  document.getElementById("name").focus();
}
