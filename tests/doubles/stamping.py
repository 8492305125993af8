"""A service for time stamps (RFC 3161) for tests: strict about what it is asked, and able to misbehave."""

import asyncio
import gzip
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from aiohttp import web
from asn1crypto import algos, cms, core, tsp, x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import (
    BasicConstraints,
    CertificateBuilder,
    ExtendedKeyUsage,
    KeyUsage,
    Name,
    NameAttribute,
    random_serial_number,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

# What its clock shows.
AT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
# A status and nothing else: rejection.
_REFUSAL = bytes.fromhex("30053003020102")
_TYPE = "application/timestamp-reply"
_MANY = 1 << 20


class Issuer:
    """A root and a certificate for stamping under it."""

    def __init__(self, name: str = "Root") -> None:
        root, self._key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
        signs = KeyUsage(
            digital_signature=False,
            content_commitment=False,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            key_cert_sign=True,
            crl_sign=True,
            encipher_only=False,
            decipher_only=False,
        )
        self.root = (
            _certificate(name, name, root)
            .add_extension(BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(signs, critical=True)
            .sign(root, SHA256())
        )
        stamping = (
            _certificate("Stamps", name, self._key)
            .add_extension(ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
            .sign(root, SHA256())
        )
        self._certificate = stamping.public_bytes(Encoding.DER)

    def pem(self) -> bytes:
        return self.root.public_bytes(Encoding.PEM)

    def stamp(self, over: bytes, nonce: int, at: datetime = AT) -> bytes:
        """A reply over this SHA-256."""
        imprint = {"hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}), "hashed_message": over}
        said = {"version": "v1", "policy": "1.2.3.4.1", "message_imprint": imprint, "serial_number": 7}
        content = tsp.TSTInfo({**said, "gen_time": at, "nonce": nonce}).dump()
        token = cms.SignedData(
            {
                "version": "v3",
                "digest_algorithms": [{"algorithm": "sha256"}],
                "encap_content_info": {
                    "content_type": "tst_info",
                    "content": core.ParsableOctetString(content),
                },
                "certificates": [x509.Certificate.load(self._certificate)],
                "signer_infos": [self._signed(content)],
            }
        )
        signed = cms.ContentInfo({"content_type": "signed_data", "content": token})
        reply: bytes = tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": signed}).dump()
        return reply

    def _signed(self, content: bytes) -> cms.SignerInfo:
        own = x509.Certificate.load(self._certificate)
        named = tsp.ESSCertIDv2({"cert_hash": sha256(self._certificate).digest()})
        values = {
            "content_type": "tst_info",
            "message_digest": sha256(content).digest(),
            "signing_certificate_v2": tsp.SigningCertificateV2({"certs": [named]}),
        }
        attributes = cms.CMSAttributes(
            [cms.CMSAttribute({"type": name, "values": [value]}) for name, value in values.items()]
        )
        return cms.SignerInfo(
            {
                "version": "v1",
                "sid": cms.SignerIdentifier(
                    {"issuer_and_serial_number": {"issuer": own.issuer, "serial_number": own.serial_number}}
                ),
                "digest_algorithm": {"algorithm": "sha256"},
                "signed_attrs": attributes,
                "signature_algorithm": {"algorithm": "sha256_ecdsa"},
                "signature": self._key.sign(attributes.dump(), ec.ECDSA(SHA256())),
            }
        )


def _certificate(name: str, under: str, key: ec.EllipticCurvePrivateKey) -> CertificateBuilder:
    own, root = (Name([NameAttribute(NameOID.COMMON_NAME, each)]) for each in (name, under))
    return (
        CertificateBuilder()
        .subject_name(own)
        .issuer_name(root)
        .public_key(key.public_key())
        .serial_number(random_serial_number())
        .not_valid_before(AT - timedelta(days=1))
        .not_valid_after(AT + timedelta(days=1))
    )


class StampDouble:
    """`misbehaviour` is the name of what it does instead of stamping; `over`, what it was asked to stamp."""

    def __init__(self, issuer: Issuer) -> None:
        self.url = ""
        self.issuer = issuer
        self.misbehaviour = ""
        self.over: list[bytes] = []
        # Whether anybody has come where only a redirection leads.
        self.was_followed = False

    async def answer(self, request: web.Request) -> web.StreamResponse:
        over, nonce = _read(request, await request.read())
        self.over.append(over)
        reply = self.issuer.stamp(over, nonce)
        ways: dict[str, Callable[[], web.StreamResponse]] = {
            "": lambda: web.Response(body=reply, content_type=_TYPE),
            "other text": lambda: web.Response(body=self.issuer.stamp(bytes(32), nonce), content_type=_TYPE),
            "other nonce": lambda: web.Response(body=self.issuer.stamp(over, nonce + 1), content_type=_TYPE),
            "refused": lambda: web.Response(body=_REFUSAL, content_type=_TYPE),
            "cut off": lambda: web.Response(body=reply[:-20], content_type=_TYPE),
            "nothing": lambda: web.Response(body=b"", content_type=_TYPE),
            "huge": lambda: web.Response(body=reply + bytes(_MANY), content_type=_TYPE),
            "packed": lambda: web.Response(
                body=gzip.compress(reply), content_type=_TYPE, headers={"Content-Encoding": "gzip"}
            ),
            "page": lambda: web.Response(text="<html>Sorry</html>", content_type="text/html"),
            "error": lambda: web.Response(status=503, body=reply, content_type=_TYPE),
            "moved": lambda: web.Response(status=307, headers={"Location": f"{self.url}/elsewhere"}),
        }
        if self.misbehaviour == "slow":
            await asyncio.sleep(60)
        return ways[self.misbehaviour]()

    async def elsewhere(self, request: web.Request) -> web.StreamResponse:
        self.was_followed = True
        return await self.answer(request)


def _read(request: web.Request, content: bytes) -> tuple[bytes, int]:
    """The SHA-256 and the number of a request that is as it should be."""
    if request.content_type != "application/timestamp-query":
        raise web.HTTPUnsupportedMediaType
    asked = tsp.TimeStampReq.load(content, strict=True)
    imprint = asked["message_imprint"].native
    over, nonce = imprint["hashed_message"], asked["nonce"].native
    if imprint["hash_algorithm"]["algorithm"] != "sha256" or len(over) != sha256().digest_size:
        raise web.HTTPBadRequest
    if not nonce or not asked["cert_req"].native or asked["version"].native != "v1":
        raise web.HTTPBadRequest
    return over, nonce


@asynccontextmanager
async def stamp_double(issuer: Issuer) -> AsyncIterator[StampDouble]:
    double = StampDouble(issuer)
    app = web.Application()
    app.router.add_post("/stamp", double.answer)
    app.router.add_post("/stamp/elsewhere", double.elsewhere)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    double.url = f"http://127.0.0.1:{runner.addresses[0][1]}/stamp"
    try:
        yield double
    finally:
        await runner.cleanup()
