-- Answers the nodes that have a cache open, one after another. Members that are none of ours are passed over.
local nodes = {}
for _, node in ipairs(redis.call('ZRANGEBYSCORE', key, now + 1, '+inf')) do
  if #node == 16 then nodes[#nodes + 1] = node end
end
return table.concat(nodes)
