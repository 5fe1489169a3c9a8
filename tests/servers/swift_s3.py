#!/usr/bin/python3
"""OpenStack Swift with its S3 middleware, in one process, on loopback. For tests.

    swift_s3.py DIRECTORY PORT ACCOUNT:USER SECRET [REGION]

Says "ready" once it answers on PORT, and ends with its standard input, so that it never outlives who started it.
DIRECTORY must lie on a file system with extended attributes.
"""
import os
import sys
import threading
import types

import eventlet

eventlet.hubs.use_hub('poll')
eventlet.patcher.monkey_patch(all=False, socket=True, select=True, thread=True)
from eventlet import wsgi

directory, port, access, secret = sys.argv[1:5]
region = sys.argv[5] if len(sys.argv) > 5 else 'us-east-1'
account, user = access.split(':')


class Memory:
    """What Swift otherwise keeps in memcached. Nothing in a test lives long enough to run out."""

    def __init__(self):
        self.values = {}

    def get(self, key, *_, **__):
        return self.values.get(key)

    def set(self, key, value, *_, **__):
        self.values[key] = value

    def delete(self, key, *_, **__):
        self.values.pop(key, None)

    def incr(self, key, delta=1, **_):
        self.values[key] = int(self.values.get(key) or 0) + delta
        return self.values[key]


def memory_factory(_, **__):
    memory = Memory()

    def wrap(app):
        def call(environ, start_response):
            environ['swift.cache'] = memory
            return app(environ, start_response)
        return call
    return wrap


loopback_memory = types.ModuleType('loopback_memory')
loopback_memory.factory = memory_factory
sys.modules['loopback_memory'] = loopback_memory

os.makedirs(os.path.join(directory, 'disks', 'one'), exist_ok=True)
with open(os.path.join(directory, 'swift.conf'), 'w') as conf:
    conf.write('[swift-hash]\nswift_hash_path_suffix = tests\n[storage-policy:0]\nname = single\ndefault = yes\n')

from swift.common import storage_policy, utils, wsgi as swift_wsgi
from swift.common.ring import RingBuilder

utils.set_swift_dir(directory)
utils.validate_configuration()
storage_policy.reload_storage_policies()

DEFAULTS = f'''
[DEFAULT]
swift_dir = {directory}
devices = {directory}/disks
mount_check = false
fallocate_reserve = 0
'''
FILTERS = {
    'catch_errors': '', 'gatekeeper': '', 'listing_formats': '', 'bulk': '', 'copy': '', 'slo': '', 'dlo': '',
    's3api': f'location = {region}\ns3_acl = false',
    'tempauth': f'user_{account}_{user} = {secret} .admin',
}
PROXY = DEFAULTS + '[pipeline:main]\npipeline = catch_errors gatekeeper memory listing_formats bulk s3api tempauth copy ' \
    'slo dlo proxy-server\n[filter:memory]\npaste.filter_factory = loopback_memory:factory\n' \
    + ''.join(f'[filter:{name}]\nuse = egg:swift#{name}\n{text}\n' for name, text in FILTERS.items()) \
    + '[app:proxy-server]\nuse = egg:swift#proxy\naccount_autocreate = true\n'

listeners = {}
for name in ('account', 'container', 'object'):
    listeners[name] = eventlet.listen(('127.0.0.1', 0), backlog=256)
    backend = listeners[name].getsockname()[1]
    ring = RingBuilder(part_power=4, replicas=1, min_part_hours=0)
    ring.add_dev({'id': 0, 'region': 1, 'zone': 1, 'weight': 1, 'device': 'one', 'ip': '127.0.0.1', 'port': backend,
                  'replication_ip': '127.0.0.1', 'replication_port': backend})
    ring.rebalance()
    ring.get_ring().save(os.path.join(directory, name + '.ring.gz'))
listeners['proxy'] = eventlet.listen(('127.0.0.1', int(port)), backlog=256)

with open(os.devnull, 'w') as nowhere:
    pool = eventlet.GreenPool(2000)
    for name, listener in listeners.items():
        conf = PROXY if name == 'proxy' else \
            f'{DEFAULTS}[pipeline:main]\npipeline = server\n[app:server]\nuse = egg:swift#{name}\n'
        eventlet.spawn(wsgi.server, listener, swift_wsgi.loadapp(swift_wsgi.ConfigString(conf)), nowhere,
                       protocol=swift_wsgi.SwiftHttpProtocol, custom_pool=pool, log_output=False)

    print('ready', flush=True)
    threads = eventlet.patcher.original('threading')
    threads.Thread(target=lambda: (os.read(0, 1), os._exit(0)), daemon=True).start()
    while True:
        eventlet.sleep(60)
