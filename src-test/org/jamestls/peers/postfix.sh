mkdir -p conf queue data /var/lib/postfix
chown postfix data
cat > conf/main.cf <<EOF
compatibility_level = 3.6
queue_directory = $directory/queue
data_directory = $directory/data
maillog_file = /dev/stdout
myhostname = $host
mydestination =
inet_interfaces = loopback-only
inet_protocols = ipv4
smtpd_peername_lookup = no
smtpd_tls_security_level = may
smtpd_tls_chain_files = /etc/key.pem, /etc/certificate.pem
smtpd_relay_restrictions = reject_unauth_destination
message_size_limit = 50000000
virtual_mailbox_domains = $domain
virtual_mailbox_maps = inline:{ alice@$domain=alice/ bob@$domain=bob/ carol@$domain=carol/ }
virtual_mailbox_base = $directory/mail
virtual_mailbox_limit = 0
virtual_uid_maps = static:64802
virtual_gid_maps = static:64802
EOF
cat > conf/master.cf <<EOF
$address:$port inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
error unix - - n - - error
retry unix - - n - - error
proxymap unix - - n - - proxymap
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
tlsmgr unix - - n 1000 1 tlsmgr
postlog unix-dgram n - n - 1 postlogd
EOF
# not as process 1: there Postfix waits for what a container gives it
"$program" -c "$directory/conf" start-fg
