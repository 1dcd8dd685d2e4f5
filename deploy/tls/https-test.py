"""HTTPS as an operator has it, on loopback: the real certbot asks the real pebble (the small ACME server of Let's Encrypt's makers) for a
certificate, through the real nginx as deploy/nginx configures it, in front of the real jari. https-test.py PROGRAM, the path of jari.
Ends at the first thing that is wrong; what it has started ends with it."""

import json, os, pathlib, shutil, socket, ssl, subprocess, sys, tempfile, threading, time, urllib.request

HERE = pathlib.Path(__file__).resolve().parent
JARI = pathlib.Path(sys.argv[1]).resolve()
SCRATCH = pathlib.Path(tempfile.mkdtemp(prefix="jari-https-"))
# An address that no other process of this machine chooses, so that the ports are its own.
ADDRESS = "127.{}.{}.{}".format(64 | os.getpid() >> 14 & 0x3F, os.getpid() >> 6 & 0xFF, (os.getpid() & 0x3F) << 2 | 1)
PLAIN, TLS, CORE, ACME, ROOTS, DNS, NAMES = 18088, 18443, 18081, 14000, 15000, 18053, 18055
DOMAIN = "tickets.example.org"
LONG_ENOUGH = 60  # seconds after which what does not come is given up
running = []


def start(name, *command, **environment):
    log = open(SCRATCH / f"{name}.log", "wb")
    running.append(subprocess.Popen(command, stdout=log, stderr=log, env=os.environ | environment, cwd=SCRATCH))


def until(what, ask):
    """Asks until it is so: for what another process does in its own time."""
    deadline = time.monotonic() + LONG_ENOUGH
    while True:
        try:
            if (told := ask()) is not None:
                return told
        except OSError:
            pass
        assert time.monotonic() < deadline, f"not in time: {what}"
        time.sleep(0.02)


def opened(port):
    return until(f"port {port} is open", lambda: socket.create_connection((ADDRESS, port), 5))


def https(*options, expected=0, **environment):
    told = subprocess.run([HERE / "https.sh", *options], env=VARIABLES | environment, capture_output=True, text=True, cwd=SCRATCH,
                          umask=0o077)
    assert told.returncode == expected, told.stdout + told.stderr + (SCRATCH / "certbot/last-run.log").read_text()
    return told.stdout if expected == 0 else told.stderr


def plain(path):
    with socket.create_connection((ADDRESS, PLAIN), 5) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {DOMAIN}\r\nConnection: close\r\n\r\n".encode())
        return connection.makefile("rb").read().decode()


def connect(context=None):
    """A connection over TLS, whose chain and name were verified."""
    connection = (context or trusting()).wrap_socket(socket.create_connection((ADDRESS, TLS), LONG_ENOUGH), server_hostname=DOMAIN)
    connection.settimeout(LONG_ENOUGH)
    return connection


def trusting():
    context = ssl.create_default_context(cadata=ROOT)
    context.set_alpn_protocols(["http/1.1"])
    return context


def ask(connection, path, close=False):
    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {DOMAIN}\r\nConnection: {'close' if close else 'keep-alive'}\r\n\r\n".encode())


def answer(path):
    with connect() as connection:
        ask(connection, path, close=True)
        return connection.makefile("rb").read().decode(errors="replace")


def certificate():
    with connect() as connection:
        return connection.getpeercert()["serialNumber"]


def read_until(stream, wanted):
    while wanted not in (line := stream.readline().decode()):
        assert line, f"the stream was cut before {wanted}"
    return line


def servers():
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=pebble", "-addext",
                    f"subjectAltName=IP:{ADDRESS}", "-keyout", SCRATCH / "acme-key.pem", "-out", SCRATCH / "acme.pem"], check=True, capture_output=True)
    (SCRATCH / "pebble.json").write_text(json.dumps({"pebble": {
        "listenAddress": f"{ADDRESS}:{ACME}", "managementListenAddress": f"{ADDRESS}:{ROOTS}", "certificate": str(SCRATCH / "acme.pem"),
        "privateKey": str(SCRATCH / "acme-key.pem"), "httpPort": PLAIN, "tlsPort": TLS, "ocspResponderURL": ""}}))
    start("names", "pebble-challtestsrv", "-defaultIPv4", ADDRESS, "-defaultIPv6", "", "-dns01", f"{ADDRESS}:{DNS}", "-http01", "", "-https01", "",
          "-tlsalpn01", "", "-management", f"{ADDRESS}:{NAMES}")
    opened(NAMES).close()
    start("pebble", "pebble", "-config", "pebble.json", "-dnsserver", f"{ADDRESS}:{DNS}", PEBBLE_VA_NOSLEEP="1", PEBBLE_WFE_NONCEREJECT="0")
    opened(ACME).close()
    start("jari", JARI, "serve", "--demo", "--data", "data", "--listen", f"{ADDRESS}:{CORE}")
    opened(CORE).close()
    (SCRATCH / "pages").mkdir()
    (SCRATCH / "pages/index.html").write_text("the pages")


def wrong_input_gets_one_clear_line():
    for environment, wanted in [({"JARI_DOMAIN": ""}, "JARI_DOMAIN is not set"), ({"JARI_DOMAIN": "10.0.0.1"}, "no name of a host"),
                                ({"JARI_ACME_EMAIL": ""}, "JARI_ACME_EMAIL is not set"), ({"JARI_ACME_EMAIL": "me"}, "no address of e-mail"),
                                ({"JARI_GATEWAY_DIR": str(SCRATCH / "nowhere")}, "nginx does not run")]:
        told = https(expected=1, **environment)
        assert wanted in told and told.count("\n") == 1, told


def port_80_that_leads_elsewhere_gets_one_clear_line():
    # The name leads to where nobody listens.
    elsewhere = json.dumps({"host": "elsewhere.example.org", "addresses": ["127.0.0.2"]}).encode()
    urllib.request.urlopen(f"http://{ADDRESS}:{NAMES}/add-a", elsewhere).close()
    told = https(expected=1, JARI_DOMAIN="elsewhere.example.org")
    assert "does not lead here" in told and "port 80" in told and told.count("\n") == 1, told
    assert not (SCRATCH / "tls/current").exists()


def first_issue():
    assert " 503 " in plain("/api/events").split("\r\n")[0], "something is sold in the open while there is no certificate"
    assert "has a certificate until" in https()
    until("TLS is spoken", certificate)
    # nginx lets the processes from before go only when the new ones are there.
    until("the plain address leads there", lambda: plain("/").startswith("HTTP/1.1 308") or None)


def it_is_served():
    told = answer("/api/events")
    assert told.startswith("HTTP/1.1 200") and "spring-gala" in told, told
    assert "Strict-Transport-Security: max-age=31536000" in told, told
    assert "the pages" in answer("/")
    assert f"Location: https://{DOMAIN}/gate?a=b" in plain("/gate?a=b") and plain("/gate").startswith("HTTP/1.1 308")
    challenges = SCRATCH / "acme/.well-known/acme-challenge"
    challenges.mkdir(parents=True, exist_ok=True)
    (challenges / "token").write_text("the answer")
    assert plain("/.well-known/acme-challenge/token").endswith("the answer")
    assert plain("/.well-known/acme-challenge/other").startswith("HTTP/1.1 404")
    # Whoever trusts somebody else, and whoever is older than TLS 1.2, gets no connection: the latter willing to speak anything.
    old = trusting()
    old.set_ciphers("ALL:@SECLEVEL=0")
    old.minimum_version, old.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    for refused in (ssl.create_default_context(), old):
        try:
            connect(refused).close()
        except ssl.SSLError:
            continue
        raise AssertionError("a connection that must not be")


def what_is_not_due_is_left_alone():
    before = certificate()
    assert "not due" in https()
    assert certificate() == before


def renewal_cuts_nothing():
    before = certificate()
    stream = connect()
    ask(stream, "/api/events/spring-gala/availability/stream")
    events = stream.makefile("rb")
    assert " 200 " in events.readline().decode()
    read_until(events, "data:")
    # A request whose second half comes only when the certificate has changed.
    in_flight = connect()
    in_flight.sendall(f"GET /api/events HTTP/1.1\r\nHost: {DOMAIN}\r\n".encode())
    done, answered, failed = threading.Event(), [], []

    def keep_asking():
        while not done.is_set():
            try:
                told = answer("/api/events/spring-gala/availability")
                (answered if told.startswith("HTTP/1.1 200") else failed).append(told[:200])
            except Exception as error:  # noqa: BLE001 every one of them is a request that was dropped
                failed.append(repr(error))

    buyers = [threading.Thread(target=keep_asking) for _ in range(4)]
    for buyer in buyers:
        buyer.start()
    try:
        https("--force-renewal")
        until("new connections have the new certificate", lambda: certificate() != before or None)
        then = len(answered)
        until("people come in after it", lambda: len(answered) > then + 20 or None)
    finally:
        done.set()
        for buyer in buyers:
            buyer.join()
    assert not failed, failed[:3]
    in_flight.sendall(b"Connection: close\r\n\r\n")
    assert in_flight.makefile("rb").read().startswith(b"HTTP/1.1 200"), "the request in hand was dropped"
    assert stream.getpeercert()["serialNumber"] == before
    # Something happens, and whoever listened from before is told.
    bought = subprocess.run([JARI, "buy", "--event", "spring-gala", "--quantity", "2", "--json", "--url", f"http://{ADDRESS}:{CORE}"],
                            cwd=SCRATCH, capture_output=True, text=True)
    assert bought.returncode == 0, bought.stderr
    read_until(events, "data:")
    print(f"renewed while {len(answered)} requests were answered and none was dropped")


def a_key_is_its_owners_only():
    keys = [path for path in SCRATCH.glob("tls/*/key.pem")]
    # The one that is used, by its own name and by the link.
    assert len(keys) == 2 and all(key.stat().st_mode & 0o077 == 0 for key in keys), keys
    # Whoever nginx runs as gets at the rest, whatever umask the caller has.
    assert all(path.stat().st_mode & 0o005 == 0o005 for path in (SCRATCH / "tls/current/", SCRATCH / "tls", SCRATCH / "acme"))


def nginx(*arguments):
    subprocess.run(["nginx", "-p", SCRATCH / "gateway", "-c", "nginx.conf", "-e", "error.log", *arguments], check=True,
                   env=VARIABLES | {"PATH": VARIABLES["PATH"] + ":/usr/sbin"})


VARIABLES = os.environ | {
    "JARI_DOMAIN": DOMAIN, "JARI_ACME_EMAIL": "box-office@example.org", "JARI_GATEWAY_DIR": str(SCRATCH / "gateway"),
    "JARI_ACME_DIR": str(SCRATCH / "acme"), "JARI_CERTIFICATE_DIR": str(SCRATCH / "tls"), "JARI_CERTBOT_DIR": str(SCRATCH / "certbot"),
    "JARI_ACME_SERVER": f"https://{ADDRESS}:{ACME}/dir", "REQUESTS_CA_BUNDLE": str(SCRATCH / "acme.pem"),
    "JARI_GATEWAY_LISTEN": f"{ADDRESS}:{PLAIN}", "JARI_TLS_LISTEN": f"{ADDRESS}:{TLS}", "JARI_STATIC_DIR": str(SCRATCH / "pages"),
    "JARI_CORE_SERVERS": f"{ADDRESS}:{CORE}", "JARI_QUEUE_SERVERS": f"{ADDRESS}:{CORE}", "JARI_STAFF_SERVERS": f"{ADDRESS}:{CORE}",
    "JARI_NGINX_WORKERS": "2", "JARI_NGINX_ACCESS_LOG": str(SCRATCH / "access.log"), "JARI_NGINX_ERROR_LOG": str(SCRATCH / "error.log"),
} | ({"JARI_NGINX_USER": "root"} if os.getuid() == 0 else {})
(SCRATCH / "certbot").mkdir()
(SCRATCH / "certbot/last-run.log").touch()
try:
    servers()
    issuer = ssl.create_default_context(cafile=str(SCRATCH / "acme.pem"))
    ROOT = urllib.request.urlopen(f"https://{ADDRESS}:{ROOTS}/roots/0", context=issuer).read().decode()
    with_certificate = VARIABLES | {"JARI_TLS_CERTIFICATE": str(SCRATCH / "tls/current/chain.pem"), "JARI_TLS_KEY": str(SCRATCH / "tls/current/key.pem")}
    subprocess.run([HERE / "../nginx/render.sh", SCRATCH / "gateway"], env=with_certificate, check=True)
    nginx()
    try:
        for step in (wrong_input_gets_one_clear_line, port_80_that_leads_elsewhere_gets_one_clear_line, first_issue, it_is_served,
                     what_is_not_due_is_left_alone, renewal_cuts_nothing, a_key_is_its_owners_only):
            step()
            print(step.__name__.replace("_", " "), flush=True)
    finally:
        nginx("-s", "stop")
finally:
    for process in running:
        process.terminate()
        process.wait()
    shutil.rmtree(SCRATCH)
