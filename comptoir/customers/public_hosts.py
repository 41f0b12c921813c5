"""Mail hosts where anybody gets an address: what is behind their @ says nothing of the firm. Kept by hand; one line a country.

Left out on purpose: domains that look like a provider's and are one firm's. A subdomain of a listed host is public too.
"""

import re

_LINES = """
gmail.com googlemail.com outlook.com hotmail.com live.com msn.com passport.com windowslive.com outlook.fr hotmail.fr live.fr
hotmail.be live.be outlook.be hotmail.ch hotmail.it live.it outlook.it hotmail.es outlook.es hotmail.de live.de outlook.de
hotmail.nl live.nl hotmail.co.uk live.co.uk outlook.pt live.com.pt live.ca hotmail.ca hotmail.com.br outlook.com.br
yahoo.com yahoo.fr yahoo.co.uk yahoo.de yahoo.it yahoo.es yahoo.be yahoo.ca yahoo.com.br yahoo.in yahoo.co.in ymail.com
rocketmail.com myyahoo.com aol.com aol.fr aim.com verizon.net icloud.com me.com mac.com privaterelay.appleid.com
proton.me protonmail.com protonmail.ch pm.me tutanota.com tuta.com tuta.io tutamail.com keemail.me mailfence.com posteo.de
posteo.net mailbox.org fastmail.com fastmail.fm hushmail.com hey.com zoho.com zohomail.com zohomail.eu duck.com simplelogin.com
mail.com email.com usa.com europe.com inbox.com gmx.com gmx.net gmx.fr gmx.de gmx.at gmx.ch web.de t-online.de freenet.de
arcor.de online.de vodafone.de freemail.de kabelmail.de
orange.fr wanadoo.fr voila.fr free.fr freesbee.fr sfr.fr neuf.fr cegetel.net club-internet.fr numericable.fr noos.fr
bbox.fr laposte.net aliceadsl.fr alice.fr libertysurf.fr infonie.fr tiscali.fr nordnet.fr 9online.fr 9business.fr dbmail.com
caramail.com caramail.fr mailo.com netcourrier.com ovh.fr zaclys.net lilo.org gozmail.bzh mail.pf mail.nc lagoon.nc canl.nc
orange.re izi.re mediaserv.net
skynet.be proximus.be telenet.be scarlet.be voo.be brutele.be belgacom.net
bluewin.ch bluemail.ch sunrise.ch hispeed.ch swissonline.ch infomaniak.ch ik.me netplus.ch vtxnet.ch
pt.lu tango.lu luxmail.lu internet.lu monaco.mc libello.com
libero.it virgilio.it tin.it alice.it tim.it tiscali.it fastwebnet.it email.it inwind.it iol.it aruba.it pec.it
telefonica.net terra.es ya.com ono.com movistar.es orange.es sapo.pt netcabo.pt clix.pt iol.pt mail.telepac.pt
ziggo.nl kpnmail.nl kpnplanet.nl planet.nl hetnet.nl home.nl xs4all.nl upcmail.nl quicknet.nl casema.nl chello.nl
btinternet.com btopenworld.com sky.com virginmedia.com ntlworld.com talktalk.net tiscali.co.uk blueyonder.co.uk plusnet.com
eircom.net o2.pl wp.pl onet.pl op.pl interia.pl gazeta.pl seznam.cz email.cz centrum.cz post.cz atlas.cz centrum.sk azet.sk
freemail.hu citromail.hu abv.bg mail.bg yahoo.ro aon.at chello.at a1.net telia.com comhem.se bredband.net telenor.se
online.no getmail.no mail.dk sol.dk stofanet.dk youmail.dk elisanet.fi kolumbus.fi luukku.com suomi24.fi otenet.gr
mail.ru bk.ru inbox.ru list.ru internet.ru yandex.ru yandex.com ya.ru rambler.ru ukr.net i.ua meta.ua bigmir.net
menara.ma iam.net.ma topnet.tn planet.tn gnet.tn orange.tn djaweb.dz orange.sn orange.ci aviso.ci moov.mg
comcast.net att.net sbcglobal.net bellsouth.net cox.net charter.net earthlink.net juno.com optonline.net frontier.com
windstream.net roadrunner.com rr.com q.com centurylink.net sympatico.ca bell.net rogers.com shaw.ca telus.net videotron.ca
globetrotter.net cogeco.ca uol.com.br bol.com.br terra.com.br ig.com.br globo.com prodigy.net.mx
qq.com foxmail.com 163.com 126.com yeah.net sina.com sina.cn sohu.com aliyun.com 139.com 189.cn naver.com hanmail.net
daum.net nate.com docomo.ne.jp ezweb.ne.jp softbank.ne.jp i.softbank.jp rediffmail.com indiatimes.com bigpond.com
bigpond.net.au optusnet.com.au iinet.net.au xtra.co.nz walla.com walla.co.il
mozmail.com anonaddy.com anonaddy.me addy.io passmail.net passinbox.com
mail.de email.de gmail.fr sfr.net wanadoo.com bouygtel.fr cegetel.fr evc.net modulonet.fr estvideo.fr dartybox.com nerim.net
tele2.fr worldonline.fr magic.fr ifrance.com lycos.com lycos.fr
yopmail.com mailinator.com guerrillamail.com temp-mail.org jetable.org trashmail.com
marketplace.amazon.fr marketplace.amazon.com members.ebay.fr members.ebay.com messagerie.leboncoin.fr
"""

HOSTS = frozenset(_LINES.split())
# Those that have a host in nearly every country: yahoo.com.ar, hotmail.gr, marketplace.amazon.co.uk.
_WORLDWIDE = re.compile(
    r"(?:.+\.)?(?:aol|gmx|hotmail|live|msn|outlook|yahoo|ymail|yandex|marketplace\.amazon|members\.ebay)\.(?:com?\.)?[a-z]{2}"
)


def domain_of(address: str) -> str:
    """Lower-case; empty where there is none."""
    return address.rpartition("@")[2].strip().lower().rstrip(".")


def is_public(domain: str) -> bool:
    """Of a domain as `domain_of` gives it."""
    parts = domain.split(".")
    return any(".".join(parts[n:]) in HOSTS for n in range(len(parts))) or bool(_WORLDWIDE.fullmatch(domain))
