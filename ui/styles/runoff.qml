<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.22.0" styleCategories="Symbology" hasScaleBasedVisibilityFlag="0">
  <pipe>
    <rasterrenderer type="singlebandpseudocolor" band="1" opacity="0.8" alphaBand="-1" nodataColor="" classificationMin="0" classificationMax="400">
      <rasterTransparency/>
      <rastershader>
        <colorrampshader colorRampType="DISCRETE" classificationMode="1" clip="0" minimumValue="0" maximumValue="400">
          <item value="0" color="#f7fbff" alpha="255" label="0 mm (all infiltrates)"/>
          <item value="10" color="#deebf7" alpha="255" label="0 to 10 mm"/>
          <item value="25" color="#c6dbef" alpha="255" label="10 to 25 mm"/>
          <item value="50" color="#9ecae1" alpha="255" label="25 to 50 mm"/>
          <item value="100" color="#6baed6" alpha="255" label="50 to 100 mm"/>
          <item value="200" color="#4292c6" alpha="255" label="100 to 200 mm"/>
          <item value="400" color="#2171b5" alpha="255" label="200 to 400 mm"/>
          <item value="inf" color="#084594" alpha="255" label="more than 400 mm"/>
        </colorrampshader>
      </rastershader>
    </rasterrenderer>
    <brightnesscontrast brightness="0" contrast="0" gamma="1"/>
    <huesaturation saturation="0" grayscaleMode="0" colorizeOn="0"/>
    <rasterresampler maxOversampling="2"/>
  </pipe>
  <blendMode>0</blendMode>
</qgis>
