# Makes the system's files around a mail server private, in the namespaces that this runs in, then starts the server in
# the foreground. Nothing of it is seen outside, and it is all gone when the namespaces end.
# Arguments: the server's script, the directory to work in, the address and the port to listen at, the program.
set -eu
script=$1 directory=$2 address=$3 port=$4 program=$5
domain=peer.example
host=mx.$domain
cd "$directory"

mkdir etc
mount -t tmpfs -o mode=755 tmpfs etc
cp -a /etc/. etc/
while read -r name id; do
  sed -i "/^$name:/d" etc/passwd etc/group
  echo "$name:x:$id:$id::/nonexistent:/bin/false" >> etc/passwd
  echo "$name:x:$id:" >> etc/group
done <<EOF
Debian-exim 64801
reader 64802
EOF
cp certificate.pem key.pem etc/
chmod 600 etc/key.pem
mkdir mail
chown reader:reader mail 2> /dev/null || chown 64802:64802 mail
mount --bind etc /etc
for place in /var/spool /var/lib /run; do
  mount -t tmpfs tmpfs "$place"
done

. "$script"
